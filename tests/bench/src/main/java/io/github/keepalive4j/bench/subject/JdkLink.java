package io.github.keepalive4j.bench.subject;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/** A link made with the JDK alone. */
public final class JdkLink {
  private JdkLink() {}

  /** Connects with the default options, set before connecting. */
  public static SocketChannel connect(InetSocketAddress peer) throws IOException {
    SocketChannel channel = SocketChannel.open();
    boolean connected = false;
    try {
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 5);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
      channel.connect(peer);
      connected = true;
    } finally {
      if (!connected) {
        channel.close();
      }
    }
    return channel;
  }

  static int localPort(SocketChannel channel) throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }
}
