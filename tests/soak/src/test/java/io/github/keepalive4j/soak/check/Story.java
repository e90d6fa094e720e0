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

/** A made-up history of one link, in ms since it was opened. */
final class Story {
  private static final String NAME = "1";
  private static final int WATCHED_MS = 5;

  private final List<BackupEvent> events = new ArrayList<>();
  private final List<Spell> spells = new ArrayList<>();

  private Story() {}

  /** Begins with a link that is watched from the beginning. */
  static Story of(LinkKind kind) {
    return new Story()
        .event(LoadEvent.OPENING, kind.toString(), 0)
        .event(LoadEvent.WATCHED, BackupEvent.NO_DETAIL, WATCHED_MS)
        .event(BackupEvent.UP, BackupEvent.NO_DETAIL, WATCHED_MS);
  }

  Story event(String what, int ms) {
    return event(what, BackupEvent.NO_DETAIL, ms);
  }

  Story event(String what, String detail, int ms) {
    return event(NAME, what, detail, ms, ms);
  }

  private Story event(String link, String what, String detail, int atMs, int toldMs) {
    events.add(new BackupEvent(link, what, detail, ns(atMs), ns(toldMs)));
    return this;
  }

  Story failover(FailureCause cause, int ms) {
    return failover(cause, ms, ms);
  }

  Story failover(FailureCause cause, int verdictMs, int callbackMs) {
    return event(NAME, BackupEvent.FAILOVER, cause.name(), verdictMs, callbackMs)
        .event(BackupEvent.FAILED, callbackMs);
  }

  /** Has the link closed by its owner. */
  Story closed(int ms) {
    return event(LoadEvent.CLOSING, ms).event(BackupEvent.CLOSED, ms + 1);
  }

  Story unwatched(boolean wasOn, int ms) {
    return event(LoadEvent.UNWATCHING, ms)
        .event(LoadEvent.UNWATCHED, Boolean.toString(wasOn), ms + 1);
  }

  Story stalled(int fromMs, int toMs) {
    return event(LoadEvent.NO_LINK, LoadEvent.STALLED, BackupEvent.NO_DETAIL, fromMs, toMs);
  }

  Story lasting(FaultKind fault, int source, int fromMs, int toMs) {
    spells.add(
        new Spell(new Trouble(fault), source, ns(fromMs), ns(fromMs + 1), ns(toMs - 1), ns(toMs)));
    return this;
  }

  Story end(FaultKind fault, int source, int ms) {
    return end(new Trouble(fault), source, ms);
  }

  Story end(Trouble trouble, int source, int ms) {
    spells.add(new Spell(trouble, source, ns(ms), ns(ms + 5), ns(ms + 5), ns(ms + 5)));
    return this;
  }

  /** Returns the rules that it breaks. */
  List<Rule> breaches() {
    return Checker.check(History.of(events.stream(), spells)).stream().map(Breach::rule).toList();
  }

  private static long ns(int ms) {
    return MILLISECONDS.toNanos(1_000_000L + ms);
  }
}
