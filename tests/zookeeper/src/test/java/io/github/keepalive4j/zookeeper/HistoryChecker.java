package io.github.keepalive4j.zookeeper;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checks the journals of all sides: nobody acts in a source's place without a claim, and never two
 * at once. The journals must be written on one machine, so that they share one monotonic clock.
 *
 * <p>What a holder really did is known from its workload, which writes the line {@code
 * workload-start} when it starts and {@code workload-stop} once it has stopped. A test writes
 * {@code holder-killed} when it kills a holder. It writes {@code overlap-allowed} before it pauses
 * a holder or cuts it off: then a successor may run beside it.
 */
public final class HistoryChecker {
  private final List<HistoryEvent> events;
  private final List<HistoryClaim> claims;
  private final List<HistoryWorkload> workloads;
  private final List<String> violations = new ArrayList<>();

  private HistoryChecker(List<HistoryEvent> events) {
    this.events = events;
    this.claims =
        events.stream()
            .filter(event -> event.is("granted") && event.token().isPresent())
            .map(event -> HistoryClaim.of(event, events))
            .sorted(Comparator.comparingLong(HistoryClaim::fromNs))
            .toList();
    this.workloads =
        events.stream()
            .filter(event -> event.is("workload-start"))
            .map(event -> HistoryWorkload.of(event, events))
            .sorted(Comparator.comparingLong(HistoryWorkload::fromNs))
            .toList();
  }

  /** Returns the violations in a history, empty if there are none. */
  public static List<String> violations(List<HistoryEvent> events) {
    HistoryChecker checker = new HistoryChecker(events);
    checker.checkLines();
    checker.checkTokens();
    checker.checkOverlaps();
    checker.checkActs();
    checker.checkWorkloads();
    checker.checkEnds();
    return checker.violations;
  }

  private void checkLines() {
    events.stream().collect(groupingBy(HistoryEvent::instance)).values().forEach(this::checkOrder);
  }

  private void checkOrder(List<HistoryEvent> instance) {
    for (int i = 0; i < instance.size(); i++) {
      HistoryEvent event = instance.get(i);
      if (event.seq() != i + 1) {
        violate("a line is missing before", event);
        return;
      }
      if (i > 0 && event.atNs() < instance.get(i - 1).atNs()) {
        violate("time runs backwards before", event);
      }
      if (event.is("callback-begin")) {
        checkCallback(event, instance.subList(0, i));
      }
    }
  }

  private void checkCallback(HistoryEvent callback, List<HistoryEvent> before) {
    List<HistoryEvent> own =
        before.stream().filter(event -> event.watch() == callback.watch()).toList();
    if (own.stream().noneMatch(event -> event.is("verdict"))) {
      violate("no verdict before", callback);
    }
    if (own.stream().noneMatch(event -> isGrantOf(event, callback))) {
      violate("no granted claim before", callback);
    }
    if (own.stream().anyMatch(event -> event.is("declined"))) {
      violate("a decline before", callback);
    }
    if (own.stream().anyMatch(event -> event.is("callback-begin"))) {
      violate("a second time", callback);
    }
  }

  private static boolean isGrantOf(HistoryEvent event, HistoryEvent callback) {
    return event.is("granted") && event.token().equals(callback.token());
  }

  private void checkTokens() {
    for (int i = 0; i < claims.size(); i++) {
      HistoryClaim later = claims.get(i);
      for (HistoryClaim earlier : claims.subList(0, i)) {
        if (earlier.resource().equals(later.resource())) {
          checkTokens(earlier, later);
        }
      }
    }
  }

  private void checkTokens(HistoryClaim earlier, HistoryClaim later) {
    if (later.token() <= earlier.token()) {
      violations.add("token not grown: " + earlier + ", then " + later);
    }
    if (later.supersedes() >= 0 && later.supersedes() == earlier.supersedes()) {
      violations.add("two replace one claim: " + earlier + " and " + later);
    }
  }

  private void checkOverlaps() {
    for (int i = 0; i < claims.size(); i++) {
      for (HistoryClaim earlier : claims.subList(0, i)) {
        if (earlier.overlaps(claims.get(i))) {
          violations.add("two claims at once: " + earlier + " and " + claims.get(i));
        }
      }
    }
  }

  /**
   * Checks that every act begins on a valid claim. The beginning of a callback is an act, and so is
   * every line "act" of a program and the start of a workload. An act may end after its claim: the
   * storage has to refuse that.
   */
  private void checkActs() {
    events.stream()
        .filter(
            event -> event.is("callback-begin") || event.is("act") || event.is("workload-start"))
        .filter(event -> event.token().isPresent())
        .filter(event -> claims.stream().noneMatch(claim -> covers(claim, event)))
        .forEach(event -> violate("no valid claim under", event));
  }

  /**
   * Checks that each workload starts only once the one before has stopped. A claim ends for its
   * holder with the grant that supersedes it, but what runs on it may not have stopped by then.
   */
  private void checkWorkloads() {
    for (int i = 0; i < workloads.size(); i++) {
      HistoryWorkload later = workloads.get(i);
      for (HistoryWorkload earlier : workloads.subList(0, i)) {
        if (earlier.overlaps(later)) {
          violations.add(
              "two workloads at once: " + earlier.start().line() + " and " + later.start().line());
        }
      }
    }
  }

  /** Checks that a claim is given up only once what runs on it has stopped. */
  private void checkEnds() {
    events.stream()
        .filter(event -> event.is("claim-released") || event.is("claim-lost"))
        .filter(event -> workloads.stream().anyMatch(workload -> workload.outlives(event)))
        .forEach(event -> violate("a workload runs on at", event));
  }

  private static boolean covers(HistoryClaim claim, HistoryEvent act) {
    return claim.instance().equals(act.instance())
        && claim.token() == act.token().getAsLong()
        && claim.fromNs() <= act.begunNs()
        && act.begunNs() < claim.endNs();
  }

  private void violate(String what, HistoryEvent event) {
    violations.add(what + ": " + event.line());
  }
}
