package io.github.keepalive4j;

/**
 * What can be wrong on the backup's own side of a link.
 *
 * <p>More values may be added: a {@code switch} needs a {@code default}.
 */
public enum LocalTrouble {
  /** The link's local address no longer belongs to this host. */
  ADDRESS_GONE,
  /**
   * This host has no route to the source: it was removed, or the interface that it used is down.
   */
  NO_ROUTE,
  /**
   * The link's network interface has no carrier: only of a link with {@link
   * KeepaliveOptions.Builder#failWithoutCarrier}. A pulled cable looks the same as a source without
   * power. The kernel may report it up to 1 s late after another interface's change; until then it
   * isn't told, so that probes may end the link before.
   */
  NO_CARRIER
}
