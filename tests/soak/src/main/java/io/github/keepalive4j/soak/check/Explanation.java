package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What may have ended a link: what the model permits. */
final class Explanation {
  /** By when a source has accepted a connection that its kernel has made. */
  private static final long ACCEPTED_NS = Duration.ofSeconds(1).toNanos();

  private static final Set<FailureCause> ENDINGS =
      EnumSet.of(FailureCause.CLOSED, FailureCause.RESET);

  private final LinkHistory link;
  private final List<Spell> spells;
  private final Stalls stalls;
  private final LinkKind kind;
  private final Patience patience;

  Explanation(LinkHistory link, List<Spell> spells, Stalls stalls) {
    this.link = link;
    this.spells = spells;
    this.stalls = stalls;
    this.kind = link.kind();
    this.patience = Patience.of(kind.mechanism());
  }

  /** Returns the causes that something explains at that time; none if nothing befell the link. */
  Set<FailureCause> causes(long verdictNs) {
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    for (Spell spell : spells) {
      if (spell.trouble().isEnd() && isHeard(spell, verdictNs)) {
        causes.addAll(spell.trouble().causes(kind));
        if (isByProgram(spell) && isDisturbed(spell)) {
          causes.addAll(ENDINGS);
        }
      }
    }
    causes.addAll(causesOfSilence(verdictNs));
    return causes;
  }

  /** Tells whether the source may be heard then to stand down. */
  boolean isFarewell(long atNs) {
    return spells.stream()
        .anyMatch(spell -> spell.trouble().isFarewellTo(kind) && isHeard(spell, atNs));
  }

  private boolean isHeard(Spell end, long atNs) {
    boolean concerned = link.openingNs() <= end.effectiveNs() && end.startedNs() <= atNs;
    return concerned
        && atNs
            <= stalls.extended(
                end.startedNs(), Cuts.heardNs(end, spells, Patience.LATENESS_NS, patience));
  }

  private static boolean isByProgram(Spell end) {
    return end.trouble().equals(Trouble.STAND_DOWN) || end.trouble().equals(Trouble.KILL);
  }

  /**
   * Tells whether the source's program may not have known the link when it ended, or the backup not
   * have heard its last word in time.
   */
  private boolean isDisturbed(Spell end) {
    long fromNs = end.startedNs() - ACCEPTED_NS;
    long toNs = end.effectiveNs() + Patience.LATENESS_NS;
    return link.firstNs(LoadEvent.WATCHED).orElse(Long.MAX_VALUE) >= fromNs
        || stalls.overlaps(fromNs, toNs)
        || spells.stream().anyMatch(spell -> !spell.equals(end) && spell.overlaps(fromNs, toNs));
  }

  /** Silences that follow each other closely count as one: nothing is heard for sure in between. */
  private Set<FailureCause> causesOfSilence(long verdictNs) {
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    long sinceNs = 0;
    long untilNs = 0;
    for (Spell spell : spells) {
      boolean begun = spell.startedNs() <= verdictNs && spell.endedNs() >= link.openingNs();
      if (begun && spell.trouble().silences(kind)) {
        if (causes.isEmpty() || spell.startedNs() > untilNs + patience.apartNs()) {
          causes.clear();
          sinceNs = Math.max(spell.startedNs(), link.openingNs());
          untilNs = spell.endedNs();
        }
        causes.addAll(spell.trouble().causes(kind));
        untilNs = Math.max(untilNs, spell.endedNs());
      }
    }
    boolean recent = verdictNs <= stalls.extended(sinceNs, untilNs + patience.apartNs());
    boolean borne = Math.min(verdictNs, untilNs) - sinceNs <= patience.borneNs();
    return recent && !borne ? causes : Set.of();
  }
}
