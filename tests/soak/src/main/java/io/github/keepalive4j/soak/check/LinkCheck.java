package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds what was told of one link to what befell it. */
final class LinkCheck {
  private static final List<String> ENDS = List.of(BackupEvent.FAILOVER, BackupEvent.LEFT);

  private final LinkHistory link;
  private final List<Spell> spells;
  private final Stalls stalls;
  private final Explanation explanation;
  private final List<Breach> breaches = new ArrayList<>();

  /**
   * Makes the check of one link.
   *
   * @param spells what befell its source, in the order of the begin
   */
  LinkCheck(LinkHistory link, List<Spell> spells, Stalls stalls) {
    this.link = link;
    this.spells = spells;
    this.stalls = stalls;
    this.explanation = new Explanation(link, spells, stalls);
  }

  /** Tells whether something may have kept it from being opened. */
  boolean isTroubled() {
    long untilNs = link.firstNs(BackupEvent.REFUSED).orElseThrow();
    long sinceNs = link.openingNs() - Patience.LATENESS_NS;
    return spells.stream().anyMatch(spell -> spell.overlaps(sinceNs, untilNs))
        || stalls.overlaps(sinceNs, untilNs);
  }

  List<Breach> check() {
    checkOnce();
    checkRelease();
    checkFailover();
    checkHeard();
    checkDue();
    return breaches;
  }

  private void checkOnce() {
    long ends = ENDS.stream().mapToLong(end -> link.all(end).count()).sum();
    if (ends > 1 || link.all(BackupEvent.FAILED).count() > 1) {
      breach(Rule.DOUBLED, "its end was told more than once");
    }
  }

  private void checkRelease() {
    long mutedNs = link.mutedNs();
    link.all(BackupEvent.FAILOVER)
        .filter(failover -> failover.toldNs() > mutedNs || link.isTakenBack())
        .forEach(failover -> breach(Rule.AFTER_RELEASE, failover + " came after its release"));
  }

  private void checkFailover() {
    link.first(BackupEvent.FAILOVER)
        .ifPresent(
            failover -> {
              checkCause(failover);
              long dueNs = stalls.extended(failover.atNs(), failover.atNs() + Patience.SLACK_NS);
              if (failover.toldNs() > dueNs) {
                breach(Rule.LATE, "the callback came long after the verdict");
              }
            });
  }

  private void checkCause(BackupEvent failover) {
    FailureCause cause = FailureCause.valueOf(failover.detail());
    Set<FailureCause> causes = explanation.causes(failover.atNs());
    if (causes.isEmpty()) {
      breach(Rule.FALSE, "nothing explains " + failover);
    } else if (!causes.contains(cause)) {
      breach(Rule.WRONG_CAUSE, cause + " isn't in " + causes);
    }
  }

  private void checkHeard() {
    link.first(BackupEvent.VIOLATION)
        .ifPresent(violation -> breach(Rule.MISHEARD, "no source sends " + violation));
    link.first(BackupEvent.LEFT)
        .filter(left -> !explanation.isFarewell(left.atNs()))
        .ifPresent(left -> breach(Rule.MISHEARD, "its source hadn't said that it leaves"));
  }

  private void checkDue() {
    LinkKind kind = link.kind();
    for (Due due : new Obligation(link, spells, stalls).dues()) {
      boolean released = link.releasedNs() <= due.deadlineNs();
      if (!released && link.endNs() > due.deadlineNs()) {
        boolean lost = link.endNs() == Long.MAX_VALUE;
        String what = kind + " had to fail by " + due.reason();
        breach(lost ? Rule.LOST : Rule.LATE, what);
        return;
      }
    }
  }

  private void breach(Rule rule, String what) {
    breaches.add(new Breach(rule, what + "; " + story()));
  }

  /** Tells what happened around the link's end, for people to read. */
  private String story() {
    long originNs = link.openingNs();
    String events =
        link.events().stream()
            .map(event -> String.format(Locale.ROOT, "%s %.3f", event, seconds(event, originNs)))
            .collect(Collectors.joining(", "));
    long lastNs = link.events().get(link.events().size() - 1).toldNs();
    String befell =
        spells.stream()
            .filter(spell -> spell.overlaps(originNs, lastNs))
            .map(spell -> spell.line(originNs).strip())
            .collect(Collectors.joining("; "));
    return "link " + link.name() + ": " + events + " | " + befell;
  }

  private static double seconds(BackupEvent event, long originNs) {
    return (event.toldNs() - originNs) / 1e9;
  }
}
