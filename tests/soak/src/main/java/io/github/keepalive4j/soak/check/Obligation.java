package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.List;

/** By when a link has to have failed: what the model requires. */
final class Obligation {
  private final LinkHistory link;
  private final List<Spell> spells;
  private final Stalls stalls;
  private final LinkKind kind;
  private final Patience patience;

  Obligation(LinkHistory link, List<Spell> spells, Stalls stalls) {
    this.link = link;
    this.spells = spells;
    this.stalls = stalls;
    this.kind = link.kind();
    this.patience = Patience.of(kind.mechanism());
  }

  List<Due> dues() {
    List<Due> dues = new ArrayList<>();
    if (link.has(LoadEvent.WATCHED)) {
      long watchedNs = link.firstNs(LoadEvent.WATCHED).getAsLong();
      long overNs = Math.min(link.releasedNs(), link.endNs());
      for (Spell spell : spells) {
        if (spell.startedNs() >= overNs) {
          continue; // it obliges to nothing any more
        }
        if (spell.trouble().isEnd()) {
          addEnd(dues, spell, watchedNs);
        } else if (spell.trouble().silences(kind)) {
          addSilence(dues, spell, watchedNs);
        }
      }
    }
    link.all(LoadEvent.DEAD).forEach(dead -> addDeath(dues, dead));
    return dues;
  }

  /** A silence that lasts for longer than the worst case. */
  private void addSilence(List<Due> dues, Spell spell, long watchedNs) {
    long fromNs = Math.max(spell.effectiveNs(), watchedNs);
    long dueNs = fromNs + patience.worstCaseNs() + Patience.SLACK_NS;
    if (spell.endingNs() < dueNs) {
      return;
    }
    long deadlineNs = stalls.extended(fromNs, dueNs);
    if (spell.endingNs() >= deadlineNs) {
      dues.add(new Due(spell.trouble().toString(), deadlineNs));
    }
  }

  /** An end of all connections that there were when it began. */
  private void addEnd(List<Due> dues, Spell end, long watchedNs) {
    if (watchedNs <= end.startedNs()) {
      long heardNs = Cuts.heardNs(end, spells, Patience.SLACK_NS, patience);
      dues.add(new Due(end.trouble().toString(), stalls.extended(end.startedNs(), heardNs)));
    }
  }

  /** A connection that its own kernel has given up, whatever the reason. */
  private void addDeath(List<Due> dues, BackupEvent dead) {
    long deadlineNs = stalls.extended(dead.atNs(), dead.atNs() + Patience.SLACK_NS);
    dues.add(new Due("its kernel's word, " + dead, deadlineNs));
  }
}
