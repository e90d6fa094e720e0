package io.github.keepalive4j.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Notices for how long the machine has kept a thread waiting that wanted to run. */
class Pauses implements AutoCloseable {
  /** An idle machine wakes a thread within a fraction of this. */
  static final Duration OF_A_BUSY_MACHINE = Duration.ofMillis(5);

  private static final long STEP_NS = Duration.ofMillis(1).toNanos();

  private final Thread thread = new Thread(this::look, "pauses");
  private volatile long longestNs;
  private volatile boolean closed;

  /** Begins to watch. */
  static Pauses watch() {
    Pauses pauses = new Pauses();
    pauses.begin();
    return pauses;
  }

  void begin() {
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    while (!closed) {
      long beforeNs = System.nanoTime();
      sleep(STEP_NS);
      longestNs = Math.max(longestNs, System.nanoTime() - beforeNs - STEP_NS);
    }
  }

  /** Sleeps for this long, or for longer on a machine that is busy. */
  void sleep(long ns) {
    LockSupport.parkNanos(ns);
  }

  /** Returns the longest pause so far. */
  Duration longest() {
    return Duration.ofNanos(longestNs);
  }

  @Override
  public void close() {
    closed = true;
  }
}
