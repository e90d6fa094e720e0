package io.github.keepalive4j.qemu;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/** Addresses of QMP sockets, in the form of QEMU's {@code -qmp} option. */
public final class QmpAddress {

  private static final String UNIX = "unix:";
  private static final String TCP = "tcp:";

  private QmpAddress() {}

  /**
   * Reads an address: a path, {@code unix:PATH} or {@code tcp:HOST:PORT}. The options that QEMU
   * allows after a comma are not part of it.
   *
   * @return a {@link UnixDomainSocketAddress} or an {@link InetSocketAddress}
   * @throws IllegalArgumentException if the text is blank, or no host and port follow {@code tcp:}
   */
  public static SocketAddress parse(String text) {
    Arguments.name("QMP address", Objects.requireNonNull(text, "text"));
    if (text.startsWith(TCP)) {
      return tcp(text);
    }
    String path = text.startsWith(UNIX) ? text.substring(UNIX.length()) : text;
    return UnixDomainSocketAddress.of(Arguments.name("path of QMP address", path));
  }

  private static InetSocketAddress tcp(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= TCP.length()) {
      throw new IllegalArgumentException("QMP address: '" + text + "', must be tcp:HOST:PORT");
    }
    String host = text.substring(TCP.length(), colon);
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("QMP address: '" + text + "', must be tcp:HOST:PORT", e);
    }
    return new InetSocketAddress(host, Arguments.range("port of QMP address", port, 1, 65_535));
  }

  /** Opens an unconnected channel of the address's kind. */
  static SocketChannel open(SocketAddress address) throws IOException {
    if (address instanceof UnixDomainSocketAddress) {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    }
    if (address instanceof InetSocketAddress host && !host.isUnresolved()) {
      return SocketChannel.open().setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    throw new IllegalArgumentException(
        "QMP address: " + address + ", must be a Unix-domain path or a host that resolves");
  }
}
