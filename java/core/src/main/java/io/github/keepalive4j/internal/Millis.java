package io.github.keepalive4j.internal;

import java.time.Duration;

/** Timeouts as the kernel takes them. */
public final class Millis {
  private Millis() {}

  /** Returns a timeout in whole ms, rounded up, so that a wait never ends early. */
  public static int of(String name, Duration timeout, int min) {
    Duration max = Duration.ofMillis(Integer.MAX_VALUE);
    if (timeout.compareTo(Duration.ofMillis(min)) < 0 || timeout.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + " " + timeout + " is not from " + min + " ms to " + Integer.MAX_VALUE + " ms");
    }
    return (int) timeout.plusNanos(999_999).toMillis();
  }
}
