package io.github.keepalive4j.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Logs on a thread of its own, which lives while there is something to log. Who logs waits for
 * that, but not for long: the log may be on a disk that hangs, and then neither a failover nor a
 * stop may wait for it.
 */
final class LogThread {
  private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long KEEP_MS = 100;

  /** What may wait for a log that hangs; what comes after it is lost. */
  private static final int MAX_PENDING = 1_000;

  private static final ThreadPoolExecutor EXECUTOR = newExecutor();

  private static volatile Line underWay; // null for none

  private LogThread() {}

  private static ThreadPoolExecutor newExecutor() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            KEEP_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(MAX_PENDING),
            LogThread::newThread);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Not a daemon thread, so that the JVM ends only when its last lines are written. */
  private static Thread newThread(Runnable task) {
    Thread thread = new Writer(task);
    thread.setDaemon(false);
    return thread;
  }

  /** Runs a call of the logger, which throws nothing. */
  static void run(Runnable call) {
    if (Thread.currentThread() instanceof Writer) { // a handler that logs
      call.run();
      return;
    }
    Line line = new Line(call);
    try {
      EXECUTOR.execute(line);
    } catch (RejectedExecutionException e) {
      return; // too many lines wait
    } catch (OutOfMemoryError e) { // no thread available: better here than nowhere
      call.run();
      return;
    }
    line.await();
  }

  private static final class Writer extends Thread {
    Writer(Runnable task) {
      super(task, "keepalive-log");
    }
  }

  private static final class Line implements Runnable {
    private final Runnable call;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile long beganNs;

    Line(Runnable call) {
      this.call = call;
    }

    @Override
    public void run() {
      beganNs = System.nanoTime();
      underWay = this;
      try {
        call.run();
      } finally {
        underWay = null;
        done.countDown();
      }
    }

    /** Waits, unless the log hangs already. */
    void await() {
      Line before = underWay;
      if (before != null && before != this && before.isLate()) {
        return;
      }
      try {
        var unused = done.await(LIMIT_NS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // meant for somebody else
      }
    }

    private boolean isLate() {
      return System.nanoTime() - beganNs >= LIMIT_NS;
    }
  }
}
