package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Holds a soak to its rules. */
public final class Checker {
  private final History history;
  private final List<Spell> spells;
  private final Stalls stalls;

  private Checker(History history) {
    this.history = history;
    this.spells =
        history.spells().stream()
            .map(spell -> asLongAsItsProcess(spell, history.spells()))
            .sorted(Comparator.comparingLong(Spell::startedNs))
            .toList();
    this.stalls = new Stalls(history.general());
  }

  /** A hang is over when its process is killed: the one that comes after it doesn't hang. */
  private static Spell asLongAsItsProcess(Spell spell, List<Spell> spells) {
    if (!spell.trouble().equals(Trouble.HANG)) {
      return spell;
    }
    return spells.stream()
        .filter(kill -> kill.trouble().equals(Trouble.KILL) && kill.befalls(spell.source()))
        .filter(kill -> kill.overlaps(spell.startedNs(), spell.endedNs()))
        .min(Comparator.comparingLong(Spell::startedNs))
        .map(spell::until)
        .orElse(spell);
  }

  /** Returns what wasn't as it has to be; nothing if all was. */
  public static List<Breach> check(History history) {
    return new Checker(history).check();
  }

  /**
   * Returns how many connects failed, or were too slow, with nothing that explains it. No rule
   * forbids it: a machine may be too busy for a connect's timeout.
   */
  public static long refusalsWithoutTrouble(History history) {
    Checker checker = new Checker(history);
    return history.links().stream()
        .filter(link -> link.has(BackupEvent.REFUSED) && !checker.of(link).isTroubled())
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
    List<Spell> own = spells.stream().filter(spell -> spell.befalls(source)).toList();
    return new LinkCheck(link, own, stalls);
  }

  private static boolean isError(BackupEvent event) {
    return event.what().equals(LoadEvent.ERROR);
  }

  private static void add(List<Breach> breaches, BackupEvent event) {
    breaches.add(new Breach(Rule.ERROR, event.line()));
  }
}
