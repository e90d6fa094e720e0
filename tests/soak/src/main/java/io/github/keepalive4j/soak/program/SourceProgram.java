package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A source, until its standard input ends, or until it is told to stand down. */
public final class SourceProgram {
  public static final int PORT = 9999;

  private static final String BOTH_FAMILIES = "::";

  /** Makes it stand down, as a byte of its standard input. */
  public static final int STAND_DOWN = 'G';

  /** For all links of a soak, and for those that it doesn't know yet to be dead. */
  private static final int MAX_CONNECTIONS_PER_ADDRESS = 10_000;

  static final String READY = "listening";

  private SourceProgram() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (KeepaliveServer server =
        KeepaliveServer.builder()
            .maxConnectionsPerAddress(MAX_CONNECTIONS_PER_ADDRESS)
            .open(new InetSocketAddress(BOTH_FAMILIES, PORT))) {
      System.out.println(READY + " at " + server.localAddress());
      if (System.in.read() == STAND_DOWN) {
        server.standDown();
      }
    }
  }
}
