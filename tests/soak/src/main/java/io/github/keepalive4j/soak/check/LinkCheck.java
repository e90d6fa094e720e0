package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.check.Breach.Rule;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks what was reported of one link against the faults that affected it. */
final class LinkCheck {
  private static final List<String> ENDS = List.of(BackupEvent.FAILOVER, BackupEvent.LEFT);

  private final LinkTimeline timeline;
  private final LinkHistory link;
  private final AllowedCauses allowed;
  private final List<Breach> breaches = new ArrayList<>();

  LinkCheck(LinkTimeline timeline) {
    this.timeline = timeline;
    this.link = timeline.link();
    this.allowed = new AllowedCauses(timeline);
  }

  /** Tells whether a fault or a stall may have kept the link from being opened. */
  boolean isRefusalExplained() {
    long untilNs = link.firstNs(BackupEvent.REFUSED).orElseThrow();
    long sinceNs = link.openingNs() - Tolerance.LATENESS_NS;
    return timeline.intervalsIn(sinceNs, untilNs).findAny().isPresent()
        || timeline.isStalledIn(sinceNs, untilNs);
  }

  List<Breach> check() {
    checkEndReportedOnce();
    checkNothingAfterRelease();
    checkFailover();
    checkNothingUnsent();
    checkDeadlines();
    return breaches;
  }

  private void checkEndReportedOnce() {
    long ends = ENDS.stream().mapToLong(end -> link.all(end).count()).sum();
    if (ends > 1 || link.all(BackupEvent.FAILED).count() > 1) {
      breach(Rule.DOUBLED, "its end was reported more than once");
    }
  }

  private void checkNothingAfterRelease() {
    long mutedNs = link.mutedNs();
    link.all(BackupEvent.FAILOVER)
        .filter(failover -> failover.reportedNs() > mutedNs || link.isUnwatched())
        .forEach(failover -> breach(Rule.AFTER_RELEASE, failover + " came after its release"));
  }

  private void checkFailover() {
    link.first(BackupEvent.FAILOVER)
        .ifPresent(
            failover -> {
              checkCause(failover);
              long dueNs = timeline.extended(failover.atNs(), failover.atNs() + Tolerance.SLACK_NS);
              if (failover.reportedNs() > dueNs) {
                breach(Rule.LATE, "the callback came long after the verdict");
              }
            });
  }

  private void checkCause(BackupEvent failover) {
    FailureCause cause = FailureCause.valueOf(failover.detail());
    Set<FailureCause> causes = allowed.at(failover.atNs());
    if (causes.isEmpty()) {
      breach(Rule.FALSE, "no fault explains " + failover);
    } else if (!causes.contains(cause)) {
      breach(Rule.WRONG_CAUSE, cause + " isn't in " + causes);
    }
  }

  private void checkNothingUnsent() {
    link.first(BackupEvent.VIOLATION)
        .ifPresent(violation -> breach(Rule.UNSENT, "no source sends " + violation));
    link.first(BackupEvent.LEFT)
        .filter(left -> !allowed.allowsLeft(left.atNs()))
        .ifPresent(left -> breach(Rule.UNSENT, "its source had not said that it leaves"));
  }

  private void checkDeadlines() {
    for (Deadline deadline : Deadline.of(timeline)) {
      boolean released = link.releasedNs() <= deadline.atNs();
      if (!released && link.endNs() > deadline.atNs()) {
        boolean lost = link.endNs() == Long.MAX_VALUE;
        String what = timeline.kind() + " had to fail by " + deadline.reason();
        breach(lost ? Rule.LOST : Rule.LATE, what);
        return;
      }
    }
  }

  private void breach(Rule rule, String what) {
    breaches.add(new Breach(rule, what + "; " + description()));
  }

  /** Describes the link's events and the faults that affected it, for people to read. */
  private String description() {
    long originNs = link.openingNs();
    String events =
        link.events().stream()
            .map(event -> String.format(Locale.ROOT, "%s %.3f", event, seconds(event, originNs)))
            .collect(Collectors.joining(", "));
    long lastNs = link.events().get(link.events().size() - 1).reportedNs();
    String faults =
        timeline
            .intervalsIn(originNs, lastNs)
            .map(interval -> interval.line(originNs).strip())
            .collect(Collectors.joining("; "));
    return "link " + link.name() + ": " + events + " | " + faults;
  }

  private static double seconds(BackupEvent event, long originNs) {
    return (event.reportedNs() - originNs) / 1e9;
  }
}
