package io.github.keepalive4j.soak.load;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of the stepping observers: a fixed number, so that the footprint stays flat. */
final class SteppingThreads implements AutoCloseable {
  private static final int THREADS = 16;

  private final Semaphore free = new Semaphore(THREADS);
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS, THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>()); // never waited in

  SteppingThreads() {
    threads.prestartAllCoreThreads();
  }

  /** Reserves a thread for {@link #execute}. Returns false if none is free. */
  boolean reserve() {
    return free.tryAcquire();
  }

  /** Returns a thread that was reserved and isn't needed. */
  void cancel() {
    free.release();
  }

  void execute(Runnable observer) {
    threads.execute(
        () -> {
          try {
            observer.run();
          } finally {
            free.release();
          }
        });
  }

  /** Returns how many are reserved. Each link that is awaited has a descriptor to be woken by. */
  int reserved() {
    return THREADS - free.availablePermits();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
