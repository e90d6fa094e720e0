package io.github.keepalive4j.testkit.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Refuses null where an array or a collection must not have it. */
public final class Arguments {
  private Arguments() {}

  /** Returns a copy. The message of the exception for an element begins with the name. */
  public static <T> List<T> noneNull(String name, T[] values) {
    return noneNull(name, Arrays.asList(Objects.requireNonNull(values, name)));
  }

  /** Returns a copy. The message of the exception for an element begins with the name. */
  public static <T> List<T> noneNull(String name, Collection<T> values) {
    for (T value : Objects.requireNonNull(values, name)) {
      if (value == null) {
        throw new NullPointerException(name + " contains null");
      }
    }
    return List.copyOf(values);
  }
}
