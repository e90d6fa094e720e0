package io.github.keepalive4j.internal;

import java.time.Duration;
import java.util.Objects;

/** Timeouts as the kernel takes them. */
public final class Millis {
  private Millis() {}

  /** Returns a timeout of 0 or more in ns, cut down to what a long can hold. */
  public static long saturatedNs(String name, Duration timeout) {
    if (Objects.requireNonNull(timeout, name).isNegative()) {
      throw new IllegalArgumentException(name + " " + timeout + " is negative");
    }
    return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0
        ? Long.MAX_VALUE
        : timeout.toNanos();
  }

  /** Returns a time in whole ms, rounded up, and cut down to what an int can hold. */
  public static int atMost(long ns) {
    long ms = ns / 1_000_000 + (ns % 1_000_000 > 0 ? 1 : 0);
    return (int) Math.min(Integer.MAX_VALUE, ms);
  }

  /** Returns a timeout in whole ms, rounded up, so that a wait never ends early. */
  public static int of(String name, Duration timeout, int min) {
    Duration max = Duration.ofMillis(Integer.MAX_VALUE);
    if (Objects.requireNonNull(timeout, name).compareTo(Duration.ofMillis(min)) < 0
        || timeout.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + " " + timeout + " is not from " + min + " ms to " + Integer.MAX_VALUE + " ms");
    }
    return (int) timeout.plusNanos(999_999).toMillis();
  }
}
