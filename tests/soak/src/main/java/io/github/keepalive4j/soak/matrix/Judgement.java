package io.github.keepalive4j.soak.matrix;

import static java.util.stream.Collectors.joining;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.fault.ActiveFault;
import io.github.keepalive4j.soak.fault.Damage;
import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.Expectation.Suspicion;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.soak.fault.Model;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Compares a cell with the model's expectation. */
final class Judgement {
  /** Added to the predicted time, because others may use the machine too. */
  static final Duration SLACK = Duration.ofSeconds(2);

  private final Cell cell;
  private final Expectation expected;
  private final List<String> deviations = new ArrayList<>();

  private Judgement(Cell cell) {
    this.cell = cell;
    this.expected = cell.expectation();
  }

  /** Returns the deviations from the expectation; none if the cell is right. */
  static List<String> deviations(Cell cell) {
    Judgement judgement = new Judgement(cell);
    judgement.judgeFailover();
    judgement.judgeAbort();
    judgement.judgeConfirmation();
    judgement.judgeSuspicion();
    judgement.judgeOrder();
    return judgement.deviations;
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      deviations.add(otherwise);
    }
  }

  private void judgeFailover() {
    long failovers =
        cell.events().stream().filter(event -> event.what().equals(BackupEvent.FAILOVER)).count();
    require(expected.allows(failovers), failovers + " failovers");
    if (failovers == 1 && expected.isFailover()) {
      BackupEvent failover = cell.failover().orElseThrow();
      FailureCause cause = FailureCause.valueOf(failover.detail());
      Set<FailureCause> causes = causes(failover.atNs());
      require(causes.contains(cause), cause + " is not in " + causes);
      long sinceNs = failover.atNs() - cell.decisive().startedNs();
      require(sinceNs > 0, "failed " + -sinceNs + " ns before the fault");
      long longestNs = expected.within().plus(SLACK).toNanos();
      long detectionNs = cell.detectionNs().orElseThrow();
      require(detectionNs <= longestNs, "detected after " + detectionNs / 1_000_000 + " ms");
    }
  }

  /** A link that this host ended is reported so, and isn't taken over. */
  private void judgeAbort() {
    boolean aborted =
        cell.decisive().kind().does(Damage.ABORTED_HERE)
            && !expected.isFailover()
            && !cell.row().course().isConfirming();
    require(cell.has(BackupEvent.ABORTED) == aborted, aborted ? "not aborted" : "aborted");
  }

  /** A source that answers again is confirmed; one that doesn't is taken over after the time. */
  private void judgeConfirmation() {
    boolean confirming = cell.row().course().isConfirming();
    boolean confirmed = confirming && !expected.isFailover();
    require(
        cell.has(BackupEvent.CONFIRMED) == confirmed, confirmed ? "not confirmed" : "confirmed");
    if (confirming) {
      cell.failover()
          .map(failover -> failover.reportedNs() - failover.atNs())
          .ifPresent(ns -> require(ns >= Course.CONFIRM.toNanos(), "called after " + ns + " ns"));
    }
  }

  /** On a busy machine the verdict may come late, when the next fault is already active. */
  private Set<FailureCause> causes(long verdictNs) {
    EnumSet<FailureCause> causes = EnumSet.copyOf(expected.causes());
    Column column = cell.column();
    ActiveFault latest = cell.faults().get(cell.faults().size() - 1);
    if (column.mechanism() != Mechanism.KEEPALIVE && verdictNs > latest.startedNs()) {
      List<FaultKind> alone = List.of(latest.kind());
      causes.addAll(Model.of(alone, column.mechanism(), column.family()).causes());
    }
    return causes;
  }

  private void judgeSuspicion() {
    boolean suspected = cell.has(BackupEvent.SUSPECT);
    switch (expected.suspicion()) {
      case REQUIRED -> require(suspected, "not suspected");
      case NEVER -> require(!suspected, "suspected");
      case POSSIBLE -> {}
    }
  }

  /** Requires that each suspicion is followed by a recovery or a failover. */
  private void judgeOrder() {
    String names = cell.events().stream().map(BackupEvent::what).collect(joining(" "));
    boolean once = expected.suspicion() != Suspicion.POSSIBLE;
    String doubts = "( suspect recovered)" + (once ? "?" : "*");
    String again =
        cell.row().course().isConfirming() ? "( confirmed up( suspect recovered)*)*" : "";
    String end = cell.failover().isPresent() ? "( suspect)? failover failed" : "( aborted)?";
    require(names.matches("up" + doubts + again + end), "out of order");
    boolean twice = once && cell.has(BackupEvent.RECOVERED) && expected.isFailover();
    require(!twice, "recovered");
  }
}
