package io.github.keepalive4j.internal.callback;

import java.util.concurrent.Executor;

/** Runs what the executor refuses (shut down, broken, out of threads), to lose no failover. */
public final class FallbackExecutor implements Executor {
  private static final System.Logger LOGGER = System.getLogger("io.github.keepalive4j");

  private final Executor preferred;

  public FallbackExecutor(Executor preferred) {
    this.preferred = preferred;
  }

  @Override
  public void execute(Runnable task) {
    try {
      preferred.execute(task);
    } catch (RuntimeException | OutOfMemoryError e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the executor refused; the callback runs on the monitor's thread",
          e);
      task.run();
    }
  }
}
