package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process on a host that is started again a second after each end, as systemd does with {@code
 * Restart=always}. What the process leaves behind isn't touched.
 */
final class Unit implements AutoCloseable {
  private static final long RESTART_MS = 1_000;
  private static final Duration FOREVER = Duration.ofDays(365);

  private final Host host;
  private final List<String> command;
  private final Path log;
  private final Thread thread;
  private volatile ManagedProcess process;
  private volatile boolean closed;

  private Unit(Host host, List<String> command, Path log) {
    this.host = host;
    this.command = command;
    this.log = log;
    this.thread = new Thread(this::keepRunning, "unit on " + host);
    thread.setDaemon(true);
  }

  static Unit start(Host host, List<String> command, Path log) throws IOException {
    Unit unit = new Unit(host, command, log);
    unit.process = unit.run();
    unit.thread.start();
    return unit;
  }

  private ManagedProcess run() throws IOException {
    log("started");
    return host.start(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
  }

  private void keepRunning() {
    try {
      while (!closed) {
        log("ended with " + process.waitFor(FOREVER));
        TimeUnit.MILLISECONDS.sleep(RESTART_MS);
        process = run();
      }
    } catch (InterruptedException e) {
      // closed
    } catch (IOException | TimeoutException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private void log(String what) throws IOException {
    String line = String.format("-- %.3f s: %s%n", System.nanoTime() / 1e9, what);
    Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  Host host() {
    return host;
  }

  /** Returns the process that runs now, or ran last. */
  ManagedProcess process() {
    return process;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    thread.interrupt();
    process.kill();
  }
}
