package io.github.keepalive4j.internal.callback;

import java.util.concurrent.Executor;

/** A failover must not be lost because the executor is shut down, broken or short of threads. */
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
