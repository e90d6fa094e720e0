package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.KeepaliveServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A source that runs until its standard input ends or holds {@link #STAND_DOWN}. */
public final class SourceProgram {
  public static final int PORT = 9999;

  private static final String BOTH_FAMILIES = "::";

  /** The byte of its standard input that makes it stand down. */
  public static final int STAND_DOWN = 'G';

  /** Enough for all links of a soak, and for dead ones that the source has not given up yet. */
  private static final int MAX_CONNECTIONS_PER_ADDRESS = 10_000;

  /** More than any backup's budget. With the default, dead links would pile up in a soak. */
  private static final Duration SHED_AFTER = Duration.ofMinutes(1);

  static final String READY = "listening";

  private SourceProgram() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    try (KeepaliveServer server =
        KeepaliveServer.builder()
            .shedAfter(SHED_AFTER)
            .maxConnectionsPerAddress(MAX_CONNECTIONS_PER_ADDRESS)
            .open(new InetSocketAddress(BOTH_FAMILIES, PORT))) {
      System.out.println(READY + " at " + server.localAddress());
      if (System.in.read() == STAND_DOWN) {
        server.standDown();
      }
    }
  }
}
