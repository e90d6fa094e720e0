package io.github.keepalive4j.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** Waits until a condition holds, or makes sure that it doesn't. Failures name the condition. */
public final class Eventually {
  /** How long to wait where a test gives no limit. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  /** How long a test waits for what must not happen, and would within a few milliseconds. */
  public static final Duration QUIET = Duration.ofMillis(100);

  private static final long STEP_NS = Duration.ofMillis(2).toNanos();

  private Eventually() {}

  /** Waits for at most {@link #DEADLINE}. */
  public static void await(String what, Callable<Boolean> condition) throws Exception {
    await(what, DEADLINE, condition);
  }

  /** Waits for at most the given time. */
  public static void await(String what, Duration limit, Callable<Boolean> condition)
      throws Exception {
    long startNs = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - startNs > limit.toNanos()) {
        Assertions.fail("not within " + limit + ": " + what);
      }
      LockSupport.parkNanos(STEP_NS);
    }
  }

  /** Fails if the condition holds within {@link #QUIET}. */
  public static void assertNever(String what, Callable<Boolean> condition) throws Exception {
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < QUIET.toNanos()) {
      Assertions.assertFalse(condition.call(), what);
      LockSupport.parkNanos(STEP_NS);
    }
  }
}
