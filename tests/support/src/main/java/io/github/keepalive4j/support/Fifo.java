package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.Path;

/** A named pipe. Whoever opens it waits for the other end. */
public final class Fifo {
  private Fifo() {}

  public static Path make(Path path) throws IOException, InterruptedException {
    int status = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("mkfifo " + path + " exited with " + status);
    }
    return path;
  }
}
