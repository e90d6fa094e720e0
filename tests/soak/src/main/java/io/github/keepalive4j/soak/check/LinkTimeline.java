package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.List;
import java.util.stream.Stream;

/**
 * One link, with everything that disturbed it: the faults of its source and the stalls of the
 * backup's process.
 *
 * @param intervals the faults of its source and of the backup, in the order in which they began
 * @param stalls the times in which the backup's process did not run and could report nothing
 */
record LinkTimeline(LinkHistory link, List<FaultInterval> intervals, List<BackupEvent> stalls) {
  /**
   * TCP sends a lost FIN again after pauses that double each time. Until it arrives, the source's
   * kernel acknowledges probes as if the connection were open.
   */
  private static final int BACKOFF = 2;

  LinkKind kind() {
    return link.kind();
  }

  Tolerance tolerance() {
    return Tolerance.of(kind().mechanism());
  }

  /** Returns the faults that were active at some moment between the two times. */
  Stream<FaultInterval> intervalsIn(long fromNs, long toNs) {
    return intervals.stream().filter(interval -> interval.overlaps(fromNs, toNs));
  }

  /** Tells whether the backup's process stalled at some moment between the two times. */
  boolean isStalledIn(long fromNs, long toNs) {
    return stalls.stream().anyMatch(stall -> stall.atNs() <= toNs && stall.reportedNs() >= fromNs);
  }

  /** Returns the deadline, put off by the time for which the backup stalled before it. */
  long extended(long fromNs, long deadlineNs) {
    long extendedNs = deadlineNs;
    for (BackupEvent stall : stalls) {
      if (stall.reportedNs() >= fromNs && stall.atNs() <= extendedNs) {
        extendedNs += stall.reportedNs() - Math.max(fromNs, stall.atNs());
      }
    }
    return extendedNs;
  }

  /**
   * Returns the time by which the backup has heard that its connection ended. A cut that hides the
   * end delays this, and so does a stall.
   *
   * @param latenessNs how late the report may be where nothing delays it
   */
  long heardNs(FaultInterval end, long latenessNs) {
    Tolerance tolerance = tolerance();
    long heardNs = end.effectiveNs() + latenessNs;
    for (FaultInterval interval : intervals) {
      if (interval.fault().isCut() && interval.overlaps(end.startedNs(), heardNs)) {
        long resentNs = interval.endedNs() + BACKOFF * interval.longestNs();
        heardNs = Math.max(heardNs, resentNs + tolerance.worstCaseNs() + Tolerance.SLACK_NS);
      }
    }
    return extended(end.startedNs(), heardNs);
  }
}
