package io.github.keepalive4j.soak.check;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.List;

/** A made-up history of one link and its faults. All times are in ms since the link was opened. */
final class MadeUpHistory {
  private static final String NAME = "1";
  private static final int WATCHED_MS = 5;

  private final List<BackupEvent> events = new ArrayList<>();
  private final List<FaultInterval> intervals = new ArrayList<>();

  private MadeUpHistory() {}

  /** Returns a history in which the link is watched from the beginning. */
  static MadeUpHistory of(LinkKind kind) {
    return new MadeUpHistory()
        .event(LoadEvent.OPENING, kind.toString(), 0)
        .event(LoadEvent.WATCHED, BackupEvent.NO_DETAIL, WATCHED_MS)
        .event(BackupEvent.UP, BackupEvent.NO_DETAIL, WATCHED_MS);
  }

  MadeUpHistory event(String what, int ms) {
    return event(what, BackupEvent.NO_DETAIL, ms);
  }

  MadeUpHistory event(String what, String detail, int ms) {
    return event(NAME, what, detail, ms, ms);
  }

  private MadeUpHistory event(String link, String what, String detail, int atMs, int reportedMs) {
    events.add(new BackupEvent(link, what, detail, ns(atMs), ns(reportedMs)));
    return this;
  }

  MadeUpHistory failover(FailureCause cause, int ms) {
    return failover(cause, ms, ms);
  }

  MadeUpHistory failover(FailureCause cause, int verdictMs, int callbackMs) {
    return event(NAME, BackupEvent.FAILOVER, cause.name(), verdictMs, callbackMs)
        .event(BackupEvent.FAILED, callbackMs);
  }

  /** Adds that the owner closes the link. */
  MadeUpHistory closed(int ms) {
    return event(LoadEvent.CLOSING, ms).event(BackupEvent.CLOSED, ms + 1);
  }

  MadeUpHistory unwatched(boolean wasOn, int ms) {
    return event(LoadEvent.UNWATCHING, ms)
        .event(LoadEvent.UNWATCHED, Boolean.toString(wasOn), ms + 1);
  }

  MadeUpHistory stalled(int fromMs, int toMs) {
    return event(LoadEvent.NO_LINK, LoadEvent.STALLED, BackupEvent.NO_DETAIL, fromMs, toMs);
  }

  MadeUpHistory lasting(FaultKind fault, int source, int fromMs, int toMs) {
    intervals.add(
        new FaultInterval(
            new InjectedFault(fault), source, ns(fromMs), ns(fromMs + 1), ns(toMs - 1), ns(toMs)));
    return this;
  }

  MadeUpHistory end(FaultKind fault, int source, int ms) {
    return end(new InjectedFault(fault), source, ms);
  }

  MadeUpHistory end(InjectedFault fault, int source, int ms) {
    intervals.add(new FaultInterval(fault, source, ns(ms), ns(ms + 5), ns(ms + 5), ns(ms + 5)));
    return this;
  }

  /** Returns the rules that this history breaks. */
  List<Rule> breaches() {
    return Checker.check(History.of(events.stream(), intervals)).stream()
        .map(Breach::rule)
        .toList();
  }

  private static long ns(int ms) {
    return MILLISECONDS.toNanos(1_000_000L + ms);
  }
}
