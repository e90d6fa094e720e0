package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A condition that comes true soon without a notification, so it is polled. */
@FunctionalInterface
interface Condition {
  long POLL_NS = 200_000;

  boolean holds() throws IOException;

  /** Polls the condition until it holds. */
  static void await(String name, Duration timeout, Condition condition) throws IOException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new IOException("not within " + timeout + ": " + name);
      }
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
