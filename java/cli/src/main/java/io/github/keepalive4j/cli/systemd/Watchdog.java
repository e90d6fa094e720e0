package io.github.keepalive4j.cli.systemd;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Gives the service manager a sign of life while something works, so that it restarts a service
 * that hangs.
 */
public final class Watchdog implements AutoCloseable {
  /** Signs in the time that the manager waits for one. */
  private static final int SIGNS = 4;

  /** A manager that waits for less can't be served, and must not cost a processor. */
  private static final long SHORTEST_PERIOD_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final ServiceManager manager;
  private final BooleanSupplier works;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(Watchdog::newThread);

  public Watchdog(ServiceManager manager, BooleanSupplier works) {
    this.manager = manager;
    this.works = works;
  }

  /** Starts giving signs, if the manager waits for them. */
  public void start() {
    manager.watchdogTimeout().ifPresent(this::start);
  }

  private void start(Duration timeout) {
    long periodNs = Math.max(SHORTEST_PERIOD_NS, timeout.toNanos() / SIGNS);
    var unused = executor.scheduleAtFixedRate(this::sign, 0, periodNs, TimeUnit.NANOSECONDS);
  }

  private void sign() {
    if (works.getAsBoolean()) {
      manager.watchdog();
    }
  }

  private static Thread newThread(Runnable task) {
    Thread thread = new Thread(task, "watchdog");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
