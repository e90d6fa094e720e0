package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import java.net.InetSocketAddress;

/** The options that a connected socket can take. */
final class ConnectedOptions {
  private ConnectedOptions() {}

  /**
   * Throws if one is set that it can't take; the message names it.
   *
   * @param local the socket's own address
   */
  static void check(KeepaliveOptions options, InetSocketAddress local) {
    String early = "is set before connecting";
    boolean moves = options.sourceAddress().filter(other -> !other.equals(local)).isPresent();
    refuse("sourceAddress", moves, early);
    refuse("md5Key (TCP_MD5SIG)", options.md5Key().isPresent(), early);
    String alone = "is for links of this library alone";
    refuse("probe", options.probeInterval().isPresent(), alone);
    refuse("failWithoutCarrier", options.failWithoutCarrier(), alone);
    refuse("suspectAfter", options.suspectAfter().orElse(0) > 0, alone);
  }

  private static void refuse(String option, boolean isSet, String reason) {
    if (isSet) {
      throw new IllegalArgumentException(
          option + " " + reason + ": a connected socket can't take it");
    }
  }
}
