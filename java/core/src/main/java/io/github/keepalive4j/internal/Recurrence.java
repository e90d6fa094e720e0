package io.github.keepalive4j.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A task that is due some time after its last run, for whoever looks first. Thread-safe. */
public final class Recurrence {
  private final long periodNs;
  private final Runnable task;
  private final AtomicLong lastNs = new AtomicLong(System.nanoTime());

  /** Makes a task that is due for the first time after the period. */
  public Recurrence(Duration period, Runnable task) {
    this.periodNs = period.toNanos();
    this.task = task;
  }

  /** Returns after how many ms it is due, rounded up; 0 if it is. */
  public int leftMs() {
    long leftNs = periodNs - (System.nanoTime() - lastNs.get());
    return (int) Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNs - 1) + 1);
  }

  /** Runs the task if it is due and nobody else does. */
  public void runIfDue() {
    long last = lastNs.get();
    long nowNs = System.nanoTime();
    if (nowNs - last >= periodNs && lastNs.compareAndSet(last, nowNs)) {
      task.run();
    }
  }
}
