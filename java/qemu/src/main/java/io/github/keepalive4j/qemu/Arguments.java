package io.github.keepalive4j.qemu;

import java.time.Duration;

/** Checks arguments. Each error names the parameter, its value and its range. */
final class Arguments {

  static final Duration SHORTEST = Duration.ofMillis(1);
  static final Duration LONGEST = Duration.ofDays(1);

  private Arguments() {}

  static Duration duration(String name, Duration value) {
    if (value == null || value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + ", must be between " + SHORTEST + " and " + LONGEST);
    }
    return value;
  }

  static int range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + ", must be between " + least + " and " + most);
    }
    return value;
  }

  static String name(String name, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + ": '" + value + "', must not be blank");
    }
    return value;
  }
}
