package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.internal.SafeLogger;
import java.util.concurrent.Executor;

/**
 * Runs what the executor refuses (shut down, broken, out of threads), to lose no failover. Some
 * executors throw though they have taken the task, so a task must bear to be run twice.
 */
public final class FallbackExecutor implements Executor {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final Executor preferred;

  public FallbackExecutor(Executor preferred) {
    this.preferred = preferred;
  }

  @Override
  public void execute(Runnable task) {
    try {
      preferred.execute(task);
    } catch (Throwable e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the executor refused; the call runs on the thread that made it",
          e);
      task.run();
    }
  }
}
