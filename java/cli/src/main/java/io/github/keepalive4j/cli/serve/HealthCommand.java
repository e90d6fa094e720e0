package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a command repeatedly. The source is healthy as long as it succeeds. The answer to a backup
 * must not wait for it, so a run's result counts until the next run has ended. A run that takes too
 * long has failed, and is killed with all that it started.
 */
final class HealthCommand implements BooleanSupplier, AutoCloseable {
  /** Marks a run's processes, so that they can be found and killed. */
  private static final String MARK = "KEEPALIVE4J_HEALTH_RUN";

  private static final long KILL_LIMIT_MS = 5_000;

  private final List<String> arguments;
  private final Duration interval;
  private final Output output;
  private final CountDownLatch known = new CountDownLatch(1);
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(HealthCommand::newThread);
  private volatile boolean healthy;

  private HealthCommand(String command, Duration interval, Output output) {
    this.arguments = List.of("sh", "-c", command);
    this.interval = interval;
    this.output = output;
  }

  /** Starts running the command, and returns when the first result is there. */
  static HealthCommand start(String command, Duration interval, Output output)
      throws InterruptedException {
    HealthCommand health = new HealthCommand(command, interval, output);
    AtExit.close(health);
    var unused =
        health.runner.scheduleWithFixedDelay(
            health::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    health.known.await();
    return health;
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
    known.countDown();
  }

  private boolean succeeds() {
    try {
      ProcessTree tree =
          ProcessTree.start(
              new ProcessBuilder(arguments)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.INHERIT),
              MARK);
      return succeedsInTime(tree);
    } catch (IOException | RuntimeException | OutOfMemoryError e) { // no process, or no thread
      output.note("keepalive serve: the health command didn't start: " + Messages.of(e));
      return false;
    }
  }

  private boolean succeedsInTime(ProcessTree tree) throws IOException {
    Process process = tree.head();
    boolean ended = false;
    try {
      process.getOutputStream().close();
      ended = process.waitFor(interval.toMillis(), TimeUnit.MILLISECONDS);
      return ended && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      if (!ended) {
        tree.kill();
      }
    }
  }

  @Override
  public boolean getAsBoolean() {
    return healthy;
  }

  /** Ends the current run, and returns when none of its processes is left. */
  @Override
  public void close() {
    runner.shutdownNow();
    try {
      boolean unused = runner.awaitTermination(KILL_LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
