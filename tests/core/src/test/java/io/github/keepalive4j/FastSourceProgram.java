package io.github.keepalive4j;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A source in a JVM of its own, until its standard input ends. */
final class FastSourceProgram {
  static final String READY = "listening";

  private FastSourceProgram() {}

  public static void main(String[] args) throws IOException {
    FastStorm.startIfAskedFor();
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress(FastLab.PORT))) {
      System.out.println(READY + " at " + server.localAddress());
      System.in.read();
    }
  }
}
