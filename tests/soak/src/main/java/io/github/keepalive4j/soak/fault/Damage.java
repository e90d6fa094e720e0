package io.github.keepalive4j.soak.fault;

/** The effects of a fault on a link that the model distinguishes. */
public enum Damage {
  /** What the backup sends doesn't reach the source's TCP. */
  FORWARD_LOST,
  /** What the source sends doesn't reach the backup's TCP. */
  REVERSE_LOST,
  /** What the backup sends is lost and answered with an ICMP error. */
  REJECTED,
  /** Some packets are lost, so few that the next ones make up for it. */
  SOME_LOST,
  /** The backup's kernel has no route or no address to send from. */
  ROUTE_GONE,
  /** The backup's device has no carrier: it drops what is sent and reports success. */
  CARRIER_GONE,
  /** The backup's device refuses what is sent and reports that to the backup's TCP. */
  QUEUE_FULL,
  /** The source's process is stopped; its kernel runs on. */
  SOURCE_HANGS,
  /** The source's process ends; its kernel closes the connections. */
  SOURCE_ENDS,
  /** The source's kernel resets the connections. */
  RESET_BY_SOURCE,
  /** The backup's own kernel ends the connections. */
  ABORTED_HERE,
  /** The backup's process is stopped for {@link FaultKind#BACKUP_PAUSE_LENGTH}. */
  BACKUP_PAUSED
}
