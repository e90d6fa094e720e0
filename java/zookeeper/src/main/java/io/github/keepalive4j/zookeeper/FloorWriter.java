package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.internal.SafeLogger;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Writes the token floor to its file on a thread of its own, so that a disk that hangs delays no
 * takeover and no stop. Thread-safe.
 */
final class FloorWriter implements AutoCloseable {
  private static final System.Logger LOGGER = SafeLogger.of(FloorWriter.class);
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  /** How long the end of a guard waits for the disk. */
  private static final long LAST_WRITE_MS = 100;

  private final FloorFile file;
  private final Thread thread;
  private long wanted; // guarded by this
  private long written; // guarded by this
  private boolean isClosed; // guarded by this

  FloorWriter(FloorFile file) {
    this.file = file;
    this.wanted = file.value();
    this.written = file.value();
    this.thread = new Thread(this::run, "keepalive-token-floor");
    thread.setDaemon(true);
    if (file.path() != null) {
      thread.start();
    }
  }

  /** Has the value written unless a greater one is. Returns at once. */
  synchronized void write(long value) {
    wanted = Math.max(wanted, value);
    notifyAll();
  }

  private void run() {
    try {
      boolean failed = false;
      long value = next(0);
      while (value > 0) {
        failed = !tryWrite(value, failed);
        value = next(failed ? RETRY_NS : 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody else has this thread
    }
  }

  /** Waits for a value to write, but first for the pause; returns 0 once all is done. */
  private synchronized long next(long pauseNs) throws InterruptedException {
    long startNs = System.nanoTime();
    long leftNs = pauseNs;
    while (leftNs > 0 && !isClosed) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      leftNs = startNs + pauseNs - System.nanoTime();
    }
    while (wanted == written && !isClosed) {
      wait();
    }
    boolean isLastFailed = isClosed && pauseNs > 0;
    return wanted == written || isLastFailed ? 0 : wanted;
  }

  private boolean tryWrite(long value, boolean failedBefore) {
    try {
      file.write(value);
    } catch (IOException | RuntimeException e) {
      if (!failedBefore) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "the token floor is not written to " + file.path() + "; tries again: " + e);
      }
      return false;
    }
    synchronized (this) {
      written = value;
    }
    return true;
  }

  /** Lets the last value be written, if the disk is quick. */
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    try {
      thread.join(LAST_WRITE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
