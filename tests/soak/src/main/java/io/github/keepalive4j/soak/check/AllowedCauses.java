package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** The causes with which a link may fail: what the model permits. */
final class AllowedCauses {
  /** How long a source takes at most to accept a connection that its kernel has made. */
  private static final long ACCEPTED_NS = Duration.ofSeconds(1).toNanos();

  private static final Set<FailureCause> ENDINGS =
      EnumSet.of(FailureCause.CLOSED, FailureCause.RESET);

  private final LinkTimeline timeline;
  private final LinkHistory link;
  private final LinkKind kind;
  private final Tolerance tolerance;

  AllowedCauses(LinkTimeline timeline) {
    this.timeline = timeline;
    this.link = timeline.link();
    this.kind = timeline.kind();
    this.tolerance = timeline.tolerance();
  }

  /** Returns the causes that a fault explains at that time; none if no fault affected the link. */
  Set<FailureCause> at(long verdictNs) {
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    for (FaultInterval interval : timeline.intervals()) {
      if (interval.fault().isEnd() && mayBeHeard(interval, verdictNs)) {
        causes.addAll(interval.fault().causes(kind));
        if (isByProgram(interval) && isDisturbed(interval)) {
          causes.addAll(ENDINGS);
        }
      }
    }
    causes.addAll(causesOfSilence(verdictNs));
    return causes;
  }

  /** Tells whether the backup may hear at that time that the source stands down. */
  boolean allowsLeft(long atNs) {
    return timeline.intervals().stream()
        .anyMatch(interval -> isFarewell(interval) && mayBeHeard(interval, atNs));
  }

  /** Tells whether a source that stands down says so on this link: with probes, or if it is new. */
  private boolean isFarewell(FaultInterval end) {
    return end.fault().isStandDownHeardBy(kind)
        || (end.fault().equals(InjectedFault.STAND_DOWN) && isNewAt(end));
  }

  /** Tells whether the source may not have accepted the link before it ended. */
  private boolean isNewAt(FaultInterval end) {
    long fromNs = end.startedNs() - ACCEPTED_NS;
    return link.firstNs(LoadEvent.WATCHED).orElse(Long.MAX_VALUE) >= fromNs;
  }

  private boolean mayBeHeard(FaultInterval end, long atNs) {
    boolean concerned = link.openingNs() <= end.effectiveNs() && end.startedNs() <= atNs;
    return concerned && atNs <= timeline.heardNs(end, Tolerance.LATENESS_NS);
  }

  private static boolean isByProgram(FaultInterval end) {
    return end.fault().equals(InjectedFault.STAND_DOWN) || end.fault().equals(InjectedFault.KILL);
  }

  /**
   * Tells whether something came between the source's end and the backup. The program may have
   * ended before it accepted the link, or its last byte may have come late.
   */
  private boolean isDisturbed(FaultInterval end) {
    long fromNs = end.startedNs() - ACCEPTED_NS;
    long toNs = end.effectiveNs() + Tolerance.LATENESS_NS;
    return isNewAt(end)
        || timeline.isStalledIn(fromNs, toNs)
        || timeline.intervalsIn(fromNs, toNs).anyMatch(interval -> !interval.equals(end));
  }

  /** Silences close to each other count as one: possibly nothing was heard between them. */
  private Set<FailureCause> causesOfSilence(long verdictNs) {
    EnumSet<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    long sinceNs = 0;
    long untilNs = 0;
    for (FaultInterval interval : timeline.intervals()) {
      boolean begun = interval.startedNs() <= verdictNs && interval.endedNs() >= link.openingNs();
      if (begun && interval.fault().silences(kind)) {
        if (causes.isEmpty() || interval.startedNs() > untilNs + tolerance.apartNs()) {
          causes.clear();
          sinceNs = Math.max(interval.startedNs(), link.openingNs());
          untilNs = interval.endedNs();
        }
        causes.addAll(interval.fault().causes(kind));
        untilNs = Math.max(untilNs, interval.endedNs());
      }
    }
    boolean recent = verdictNs <= timeline.extended(sinceNs, untilNs + tolerance.apartNs());
    boolean tolerated = Math.min(verdictNs, untilNs) - sinceNs <= tolerance.toleratedNs();
    return recent && !tolerated ? causes : Set.of();
  }
}
