package io.github.keepalive4j;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

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
  NO_ROUTE;

  /** Binds and connects a UDP socket: this asks the kernel and sends nothing. */
  static Optional<LocalTrouble> between(InetSocketAddress local, InetSocketAddress peer) {
    try (DatagramChannel scratch = DatagramChannel.open(familyOf(peer))) {
      if (!canBind(scratch, local)) {
        return Optional.of(ADDRESS_GONE);
      }
      return canConnect(scratch, peer) ? Optional.empty() : Optional.of(NO_ROUTE);
    } catch (IOException e) {
      return Optional.empty(); // no descriptor for the check: nothing is known
    }
  }

  private static StandardProtocolFamily familyOf(InetSocketAddress address) {
    return address.getAddress().getAddress().length == 4
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private static boolean canBind(DatagramChannel scratch, InetSocketAddress local) {
    try {
      scratch.bind(new InetSocketAddress(local.getAddress(), 0));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean canConnect(DatagramChannel scratch, InetSocketAddress peer) {
    try {
      scratch.connect(peer);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
