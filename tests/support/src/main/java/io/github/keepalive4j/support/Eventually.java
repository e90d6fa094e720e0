package io.github.keepalive4j.support;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;

/** Waits until a condition holds. Fails with the condition's name when the time is over. */
public final class Eventually {
  /** How long to wait where a test gives no limit. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

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
}
