package io.github.keepalive4j;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** Waits for what tells nobody when it comes. */
final class FastAwait {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private FastAwait() {}

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadlineNs = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadlineNs) {
        Assertions.fail("within " + TIMEOUT + " there was no " + what);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
