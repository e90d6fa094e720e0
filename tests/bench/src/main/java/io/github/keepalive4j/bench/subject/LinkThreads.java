package io.github.keepalive4j.bench.subject;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread for each blocking link, reused for the next one. */
final class LinkThreads {
  private static final int STACK_BYTES = 256 * 1024;
  private static final int END_TIMEOUT_S = 30;

  private LinkThreads() {}

  static ExecutorService named(String name) {
    return Executors.newCachedThreadPool(task -> new Thread(null, task, name, STACK_BYTES));
  }

  /** Waits for the threads to end. Their links have been closed. */
  static void end(ExecutorService threads) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(END_TIMEOUT_S, TimeUnit.SECONDS)) {
        throw new IllegalStateException("threads don't end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
