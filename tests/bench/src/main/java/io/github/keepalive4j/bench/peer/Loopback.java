package io.github.keepalive4j.bench.peer;

import java.io.IOException;
import java.net.InetAddress;

/**
 * The addresses of 127.0.0.0/8, one after the other: connections in TIME_WAIT on one must not block
 * the next connection.
 */
public final class Loopback {
  private static final int COUNT = 200;

  private int last;

  public InetAddress next() throws IOException {
    last = last % COUNT + 1;
    return InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) last});
  }
}
