package io.github.keepalive4j.internal;

import io.github.keepalive4j.LocalTrouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** Asks for the route of a link that has neither a mark nor a device, with the JDK's means. */
public final class JdkRoute {
  private JdkRoute() {}

  /** Binds and connects a UDP socket: this asks the kernel and sends nothing. */
  public static Optional<LocalTrouble> check(InetSocketAddress local, InetSocketAddress peer) {
    try (DatagramChannel scratch = DatagramChannel.open(familyOf(peer))) {
      if (!canBind(scratch, local)) {
        return Optional.of(LocalTrouble.ADDRESS_GONE);
      }
      return canConnect(scratch, peer) ? Optional.empty() : Optional.of(LocalTrouble.NO_ROUTE);
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
