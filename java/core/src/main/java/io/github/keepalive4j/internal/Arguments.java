package io.github.keepalive4j.internal;

import java.util.Collection;
import java.util.Objects;

/** Refuses null where a collection must not have it. */
public final class Arguments {
  private Arguments() {}

  /** Returns the collection. The message of the exception for an element begins with the name. */
  public static <C extends Collection<?>> C noneNull(String name, C values) {
    Objects.requireNonNull(values, name);
    for (Object value : values) { // not contains(null), which some collections refuse
      if (value == null) {
        throw new NullPointerException(name + " contains null");
      }
    }
    return values;
  }
}
