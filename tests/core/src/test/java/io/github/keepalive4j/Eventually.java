package io.github.keepalive4j;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** Waits for what is to come true, and says what didn't. */
final class Eventually {
  static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final long STEP_NS = Duration.ofMillis(2).toNanos();

  private Eventually() {}

  static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, DEADLINE, condition);
  }

  static void await(String what, Duration limit, Callable<Boolean> condition) throws Exception {
    long startNs = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - startNs > limit.toNanos()) {
        Assertions.fail("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(STEP_NS);
    }
  }
}
