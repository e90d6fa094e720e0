package io.github.keepalive4j.fast;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A source in a JVM of its own, until its standard input ends. */
final class SourceProgram {
  static final String READY = "listening";

  private SourceProgram() {}

  public static void main(String[] args) throws IOException {
    Storm.startIfAskedFor();
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress(Testbed.PORT))) {
      System.out.println(READY + " at " + server.localAddress());
      System.in.read();
    }
  }
}
