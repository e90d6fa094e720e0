package io.github.keepalive4j.internal;

import java.time.Duration;
import java.util.Objects;

/** Refuses an argument outside its range: the message has the name, the value and the range. */
public final class Range {
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);

  private Range() {}

  public static int check(String name, int value, int min, int max) {
    return (int) check(name, (long) value, min, max);
  }

  public static long check(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw refusal(name, value, min, max);
    }
    return value;
  }

  public static Duration check(String name, Duration value, Duration min, Duration max) {
    if (Objects.requireNonNull(value, name).compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw refusal(name, value, min, max);
    }
    return value;
  }

  public static Duration checkMillisecondToDay(String name, Duration value) {
    if (Objects.requireNonNull(value, name).compareTo(MILLISECOND) < 0
        || value.compareTo(DAY) > 0) {
      throw refusal(name, value, "1 ms", "1 day");
    }
    return value;
  }

  private static IllegalArgumentException refusal(
      String name, Object value, Object min, Object max) {
    return new IllegalArgumentException(name + " " + value + " is not from " + min + " to " + max);
  }
}
