package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks a soak against its rules. */
public final class Checker {
  private final History history;
  private final List<FaultInterval> intervals;
  private final List<BackupEvent> stalls;

  private Checker(History history) {
    this.history = history;
    this.intervals =
        history.intervals().stream()
            .map(interval -> endedByKill(interval, history.intervals()))
            .sorted(Comparator.comparingLong(FaultInterval::startedNs))
            .toList();
    this.stalls =
        history.general().stream().filter(event -> event.what().equals(LoadEvent.STALLED)).toList();
  }

  /** A hang ends when its process is killed: the process that replaces it runs. */
  private static FaultInterval endedByKill(FaultInterval interval, List<FaultInterval> intervals) {
    if (!interval.fault().equals(InjectedFault.HANG)) {
      return interval;
    }
    return intervals.stream()
        .filter(kill -> kill.fault().equals(InjectedFault.KILL) && kill.affects(interval.source()))
        .filter(kill -> kill.overlaps(interval.startedNs(), interval.endedNs()))
        .min(Comparator.comparingLong(FaultInterval::startedNs))
        .map(interval::until)
        .orElse(interval);
  }

  /** Returns the rules that were broken; none if the soak is right. */
  public static List<Breach> check(History history) {
    return new Checker(history).check();
  }

  /**
   * Returns how many connects failed or timed out without a fault that explains it. No rule forbids
   * this, because a busy machine may exceed a connect's timeout.
   */
  public static long unexplainedRefusals(History history) {
    Checker checker = new Checker(history);
    return history.links().stream()
        .filter(link -> link.has(BackupEvent.REFUSED) && !checker.of(link).isRefusalExplained())
        .count();
  }

  private List<Breach> check() {
    List<Breach> breaches = new ArrayList<>();
    history.general().stream().filter(Checker::isError).forEach(event -> add(breaches, event));
    for (LinkHistory link : history.links()) {
      link.events().stream().filter(Checker::isError).forEach(event -> add(breaches, event));
      breaches.addAll(of(link).check());
    }
    return breaches;
  }

  private LinkCheck of(LinkHistory link) {
    int source = link.kind().source();
    List<FaultInterval> own =
        intervals.stream().filter(interval -> interval.affects(source)).toList();
    return new LinkCheck(new LinkTimeline(link, own, stalls));
  }

  private static boolean isError(BackupEvent event) {
    return event.what().equals(LoadEvent.ERROR);
  }

  private static void add(List<Breach> breaches, BackupEvent event) {
    breaches.add(new Breach(Rule.ERROR, event.line()));
  }
}
