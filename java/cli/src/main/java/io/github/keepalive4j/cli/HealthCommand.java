package io.github.keepalive4j.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a command again and again, and holds the source for healthy as long as it succeeds. The
 * answer to a backup must not wait for it: a run's result counts until the next run has ended, and
 * a run that takes too long has failed.
 */
final class HealthCommand implements BooleanSupplier {
  private final List<String> arguments;
  private final Duration interval;
  private final Output output;
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(HealthCommand::newThread);
  private volatile boolean healthy;

  /**
   * Makes the check and runs it for the first time, so that its result is at hand when this
   * returns.
   */
  HealthCommand(String command, Duration interval, Output output) {
    this.arguments = List.of("sh", "-c", command);
    this.interval = interval;
    this.output = output;
    run();
    var unused =
        runner.scheduleWithFixedDelay(
            this::run, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "health");
    thread.setDaemon(true);
    return thread;
  }

  private void run() {
    boolean succeeded = succeeds();
    if (healthy != succeeded) {
      output.note(
          "keepalive serve: " + (succeeded ? "healthy" : "not healthy: queries stay unanswered"));
    }
    healthy = succeeded;
  }

  private boolean succeeds() {
    try {
      Process process =
          new ProcessBuilder(arguments)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return waitFor(process);
    } catch (IOException e) {
      output.note("keepalive serve: the health command didn't start: " + Messages.of(e));
      return false;
    }
  }

  private boolean waitFor(Process process) {
    try {
      return process.waitFor(interval.toMillis(), TimeUnit.MILLISECONDS)
          && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public boolean getAsBoolean() {
    return healthy;
  }
}
