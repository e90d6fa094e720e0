package io.github.keepalive4j.soak.program;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A source's host with its program, which may end and be started again. */
public final class Source {
  private static final Duration STAND_DOWN_TIMEOUT = Duration.ofSeconds(20);

  private final Host host;
  private ManagedProcess program;

  Source(Host host) throws IOException, InterruptedException {
    this.host = host;
    start();
  }

  public Host host() {
    return host;
  }

  ManagedProcess program() {
    return program;
  }

  /** Makes the program say that it leaves, and waits for its end. */
  public void standDown() throws IOException, InterruptedException {
    program.stdin().write(SourceProgram.STAND_DOWN);
    program.stdin().flush();
    try {
      program.waitFor(STAND_DOWN_TIMEOUT);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Starts the program again if it has ended. */
  public void restart() throws IOException, InterruptedException {
    if (!program.isAlive()) {
      start();
    }
  }

  public boolean isAlive() {
    return program.isAlive();
  }

  private void start() throws IOException, InterruptedException {
    program = Programs.source(host);
  }
}
