package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.Expectation.Suspicion;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run: links of all kinds, and one fault or two that are injected one after the other.
 *
 * @param faults in the order of injection
 * @param undoneOnSuspicion whether the faults are undone as soon as the links are suspected; else
 *     they stay active to the end
 */
record Row(List<FaultKind> faults, boolean undoneOnSuspicion) {
  /** Returns each fault alone, active to the end. */
  static List<Row> singles() {
    return Stream.of(FaultKind.values()).map(fault -> new Row(List.of(fault), false)).toList();
  }

  /** Returns each fault alone that makes a link suspected, undone before the verdict. */
  static List<Row> singlesUndone() {
    return singles().stream()
        .map(row -> new Row(row.faults, true))
        .filter(row -> Column.ALL.stream().anyMatch(column -> row.silences(column)))
        .toList();
  }

  /** Returns all ordered pairs of faults, also of each with itself. */
  static List<Row> pairs() {
    List<Row> pairs = new ArrayList<>();
    for (FaultKind first : FaultKind.values()) {
      for (FaultKind second : FaultKind.values()) {
        pairs.add(new Row(List.of(first, second), false));
      }
    }
    return pairs;
  }

  /** Returns some of the pairs, chosen at random. */
  static List<Row> someOfPairs(int count, long seed) {
    List<Row> pairs = pairs();
    Collections.shuffle(pairs, new Random(seed));
    return pairs.subList(0, count);
  }

  /** Returns what the column's link must report. */
  Expectation expectation(Column column) {
    Expectation held = Model.of(faults, column.mechanism(), column.family());
    if (!undoneOnSuspicion) {
      return held;
    }
    Suspicion suspicion = silences(column) ? Suspicion.REQUIRED : held.suspicion();
    return new Expectation(Set.of(), true, 0, suspicion, held.within());
  }

  /** Tells whether the fault makes the column's link fail by silence, not by an RST or a FIN. */
  private boolean silences(Column column) {
    Expectation held = Model.of(faults, column.mechanism(), column.family());
    return held.isFailover() && held.isBySilence();
  }

  boolean has(FaultKind fault) {
    return faults.contains(fault);
  }

  @Override
  public String toString() {
    return faults.stream().map(FaultKind::toString).collect(Collectors.joining(", then "))
        + (undoneOnSuspicion ? ", until suspected" : "");
  }
}
