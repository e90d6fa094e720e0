package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.fault.Scene;
import io.github.keepalive4j.soak.program.Programs;
import io.github.keepalive4j.soak.program.SourceProgram;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A source's host with the program on it, which may end and be started again. */
final class Source {
  private static final Duration STAND_DOWN_TIMEOUT = Duration.ofSeconds(20);

  private final Host host;
  private ManagedProcess program;

  Source(Host host) throws IOException, InterruptedException {
    this.host = host;
    this.program = Programs.source(host);
  }

  Host host() {
    return host;
  }

  Scene scene(Host backup, ManagedProcess backupProgram) {
    return new Scene(host, program, backup, backupProgram);
  }

  /** Has the program say that it leaves, and end. */
  void standDown() throws IOException, InterruptedException {
    program.stdin().write(SourceProgram.STAND_DOWN);
    program.stdin().flush();
    try {
      program.waitFor(STAND_DOWN_TIMEOUT);
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  boolean isAlive() {
    return program.isAlive();
  }

  void start() throws IOException, InterruptedException {
    program = Programs.source(host);
  }
}
