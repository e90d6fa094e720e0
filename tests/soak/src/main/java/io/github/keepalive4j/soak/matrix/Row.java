package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.fault.Damage;
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
 * @param course what becomes of them
 */
record Row(List<FaultKind> faults, Course course) {
  /** Returns each fault alone, active to the end. */
  static List<Row> singles() {
    return Stream.of(FaultKind.values())
        .map(fault -> new Row(List.of(fault), Course.HELD))
        .toList();
  }

  /** Returns each fault alone that makes a link suspected, undone before the verdict. */
  static List<Row> singlesUndone() {
    return singles().stream()
        .map(row -> new Row(row.faults, Course.UNDONE))
        .filter(row -> Column.ALL.stream().anyMatch(column -> row.silences(column)))
        .toList();
  }

  /** Returns each fault alone that ends a link, by a backup that asks for a second opinion. */
  static List<Row> singlesConfirmed() {
    Stream<Row> confirmed =
        Stream.of(
                FaultKind.SOURCE_KILL_SOCKETS, FaultKind.BACKUP_KILL_SOCKETS, FaultKind.SOURCE_KILL)
            .map(fault -> new Row(List.of(fault), Course.CONFIRMED));
    Row restarted = new Row(List.of(FaultKind.SOURCE_KILL), Course.RESTARTED);
    return Stream.concat(confirmed, Stream.of(restarted)).toList();
  }

  /** Returns all ordered pairs of faults, also of each with itself. */
  static List<Row> pairs() {
    List<Row> pairs = new ArrayList<>();
    for (FaultKind first : FaultKind.values()) {
      for (FaultKind second : FaultKind.values()) {
        pairs.add(new Row(List.of(first, second), Course.HELD));
      }
    }
    return pairs;
  }

  /** Returns some of the rows, chosen at random, or all if there are no more. */
  static List<Row> someOf(List<Row> rows, int count, long seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled.subList(0, Math.min(count, rows.size()));
  }

  /** Returns what the column's link must report. */
  Expectation expectation(Column column) {
    Expectation held = Model.of(faults, column.mechanism(), column.family());
    return switch (course) {
      case HELD -> held;
      case UNDONE -> {
        Suspicion suspicion = silences(column) ? Suspicion.REQUIRED : held.suspicion();
        yield new Expectation(Set.of(), true, 0, suspicion, held.within());
      }
      case CONFIRMED, RESTARTED -> {
        Set<FailureCause> causes = answers() ? Set.of() : held.causes();
        yield new Expectation(causes, true, 0, Suspicion.POSSIBLE, held.within());
      }
    };
  }

  /** Tells whether the source answers when it is tried again. */
  private boolean answers() {
    return course == Course.RESTARTED || !faults.get(0).does(Damage.SOURCE_ENDS);
  }

  /** Tells whether the fault makes the column's link fail by silence, not by an RST or a FIN. */
  private boolean silences(Column column) {
    Expectation held = Model.of(faults, column.mechanism(), column.family());
    return held.isFailover() && held.isBySilence();
  }

  /** Returns the only fault, as the page names it. */
  String label() {
    return faults.get(0) + (course == Course.RESTARTED ? ", restarted" : "");
  }

  @Override
  public String toString() {
    return faults.stream().map(FaultKind::toString).collect(Collectors.joining(", then "))
        + switch (course) {
          case HELD -> "";
          case UNDONE -> ", until suspected";
          case CONFIRMED -> ", confirmed";
          case RESTARTED -> ", restarted";
        };
  }
}
