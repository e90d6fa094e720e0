package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, each with a deadline. */
final class Await {

  private static final long PAUSE_NS = 5_000_000;

  private Await() {}

  static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
    long deadlineNs = System.nanoTime() + limit.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadlineNs) {
        fail("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
