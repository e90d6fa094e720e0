package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A kind of link. */
record Column(Mechanism mechanism, Family family) {
  static final List<Column> ALL =
      Stream.of(Mechanism.values())
          .flatMap(
              mechanism ->
                  Arrays.stream(Family.values()).map(family -> new Column(mechanism, family)))
          .toList();

  @Override
  public String toString() {
    return mechanism + ", " + family;
  }
}
