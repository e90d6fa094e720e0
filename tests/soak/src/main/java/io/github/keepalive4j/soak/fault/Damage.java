package io.github.keepalive4j.soak.fault;

/** What a fault does to a link, as far as the model has to know. */
public enum Damage {
  /** What the backup sends doesn't reach the source's TCP. */
  FORWARD_LOST,
  /** What the source sends doesn't reach the backup's TCP. */
  REVERSE_LOST,
  /** What the backup sends is lost and answered with an ICMP error. */
  REJECTED,
  /** Some packets are lost, so few that the next ones make it good. */
  THINNED,
  /** The backup's kernel has no route or no address to send from. */
  ROUTE_GONE,
  /** The backup's device sees no carrier: it swallows what is sent as if it were on its way. */
  CARRIER_GONE,
  /** The backup's device refuses what is sent, and tells the backup's TCP so. */
  QUEUE_FULL,
  /** The source's process stands still, its kernel goes on. */
  SOURCE_HANGS,
  /** The source's process ends, its kernel closes what it had open. */
  SOURCE_ENDS,
  /** The source's kernel resets the connections. */
  RESET_BY_SOURCE,
  /** The backup's own kernel ends the connections. */
  ABORTED_HERE,
  /** The backup's process stands still for {@link FaultKind#BACKUP_PAUSE}. */
  BACKUP_PAUSED
}
