package io.github.keepalive4j.support;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Addresses of the loopback interface at which nobody listens. */
public final class UnusedAddress {
  private UnusedAddress() {}

  /** Returns one. */
  public static InetSocketAddress find() throws IOException {
    try (FailingSource source = new FailingSource()) {
      return source.address();
    }
  }

  /** Returns one as the command takes it. */
  public static String text() throws IOException {
    return "127.0.0.1:" + find().getPort();
  }
}
