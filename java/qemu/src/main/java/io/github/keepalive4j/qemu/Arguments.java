package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;

/** Checks arguments. Each error names the parameter, and its value and range unless it is null. */
final class Arguments {

  static final Duration SHORTEST = Duration.ofMillis(1);
  static final Duration LONGEST = Duration.ofDays(1);

  private Arguments() {}

  static Duration duration(String name, Duration value) {
    if (Objects.requireNonNull(value, name).compareTo(SHORTEST) < 0
        || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + ", must be between " + SHORTEST + " and " + LONGEST);
    }
    return value;
  }

  static <C extends Collection<?>> C noneNull(String name, C values) {
    for (Object value : Objects.requireNonNull(values, name)) {
      if (value == null) {
        throw new NullPointerException(name + " contains null");
      }
    }
    return values;
  }

  static int range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + ", must be between " + least + " and " + most);
    }
    return value;
  }

  static String name(String name, String value) {
    if (Objects.requireNonNull(value, name).isBlank()) {
      throw new IllegalArgumentException(name + ": '" + value + "', must not be blank");
    }
    return value;
  }
}
