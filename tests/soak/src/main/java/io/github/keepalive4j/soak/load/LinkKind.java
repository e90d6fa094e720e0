package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.fault.Mechanism;

/**
 * The kind of a link, and its source.
 *
 * @param source the number of its source, from 0
 */
public record LinkKind(Mechanism mechanism, Family family, int source) {
  private static final String SEPARATOR = "/";

  /** Returns the kind that was written as this text. */
  public static LinkKind parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    return new LinkKind(
        Mechanism.valueOf(parts[0]), Family.valueOf(parts[1]), Integer.parseInt(parts[2]));
  }

  @Override
  public String toString() {
    return String.join(SEPARATOR, mechanism.name(), family.name(), Integer.toString(source));
  }
}
