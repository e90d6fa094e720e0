package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.SafeLogger;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls to the application, one after the other, on a daemon thread that exists while there are
 * any. A call that blocks holds up the calls behind it, and nobody else. Thread-safe.
 */
final class Deliveries implements Reports.Calls {
  private static final System.Logger LOGGER = SafeLogger.get();
  private static final int CAPACITY = 10_000;
  private static final long IDLE_S = 10;

  /** A call that was about to begin when the end came begins within this time. */
  private static final long BEGINNING_MS = 100;

  private final ThreadPoolExecutor executor;
  private final AtomicLong lost = new AtomicLong();
  private boolean closed; // guarded by this, as what follows
  private Thread caller; // in a call, or null

  Deliveries(String threadName) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_S,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CAPACITY),
            work -> newThread(work, threadName));
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread newThread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // it would keep the application that opened this
    return thread;
  }

  /**
   * Adds a call, or drops it if there are too many, or no thread can be started. It doesn't begin
   * if the end comes during what comes before it.
   */
  @Override
  public void add(Runnable before, Runnable call) {
    try {
      executor.execute(() -> run(before, call));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      lost.incrementAndGet();
    }
  }

  private void run(Runnable before, Runnable call) {
    if (!begin()) {
      return;
    }
    try {
      tellLost();
      before.run();
      if (begin()) {
        call.run();
      }
    } catch (Throwable e) {
      LOGGER.log(System.Logger.Level.ERROR, "a listener of the socket sweeper failed", e);
    } finally {
      end();
    }
  }

  private void tellLost() {
    long count = lost.getAndSet(0);
    if (count > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the listener of the socket sweeper is slow: " + count + " calls were dropped");
    }
  }

  private synchronized boolean begin() {
    caller = closed ? null : Thread.currentThread();
    return !closed;
  }

  private synchronized void end() {
    caller = null;
    notifyAll();
  }

  /** Drops what waits. No call begins after this has returned; one that runs may go on. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    executor.getQueue().clear();
    executor.shutdown();
    awaitBeginning();
  }

  private synchronized void awaitBeginning() {
    boolean interrupted = false;
    long startNs = System.nanoTime();
    long leftMs = BEGINNING_MS;
    while (caller != null && caller != Thread.currentThread() && leftMs > 0) {
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      leftMs = BEGINNING_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
