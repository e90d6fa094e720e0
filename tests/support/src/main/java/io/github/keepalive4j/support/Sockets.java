package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The kernel's view of connections, by {@code ss}. */
public final class Sockets {
  private Sockets() {}

  /** Returns the established connections with a port at one side, as ss calls the sides. */
  public static String describe(String side, int port) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "ss", "-H", "-t", "-n", "-e", "-i", "-o", "state", "established", side, "= :" + port);
    Process ss;
    try {
      ss = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Needs.lack("the command ss (package iproute2) does not run: " + e.getMessage());
      throw e;
    }
    String output = new String(ss.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    if (ss.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }
}
