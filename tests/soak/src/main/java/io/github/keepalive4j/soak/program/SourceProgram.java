package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A source, until its standard input ends. */
public final class SourceProgram {
  public static final int PORT = 9999;

  private static final String BOTH_FAMILIES = "::";

  static final String READY = "listening";

  private SourceProgram() {}

  public static void main(String[] args) throws IOException {
    try (KeepaliveServer server =
        KeepaliveServer.open(new InetSocketAddress(BOTH_FAMILIES, PORT))) {
      System.out.println(READY + " at " + server.localAddress());
      System.in.read();
    }
  }
}
