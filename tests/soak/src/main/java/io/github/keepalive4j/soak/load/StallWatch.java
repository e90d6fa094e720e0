package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Logs when this process did not run: it was stopped by a signal or got no CPU. */
final class StallWatch {
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long STALL_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private StallWatch() {}

  /** Watches on a daemon thread until the process ends. */
  static void start(Consumer<BackupEvent> log) {
    Thread thread = new Thread(() -> watch(log), "stall-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(Consumer<BackupEvent> log) {
    long lastNs = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(TICK_NS);
      long nowNs = System.nanoTime();
      if (nowNs - lastNs > STALL_NS) {
        log.accept(
            new BackupEvent(
                LoadEvent.NO_LINK, LoadEvent.STALLED, BackupEvent.NO_DETAIL, lastNs, nowNs));
      }
      lastNs = nowNs;
    }
  }
}
