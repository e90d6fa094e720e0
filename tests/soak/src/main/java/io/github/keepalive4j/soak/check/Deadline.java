package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * A time by which a link must have failed: what the model requires.
 *
 * @param reason the fault or the kernel state that ends the link, for people to read
 */
record Deadline(String reason, long atNs) {
  /** Returns all deadlines of a link. A fault that began after the link's end sets none. */
  static List<Deadline> of(LinkTimeline timeline) {
    LinkHistory link = timeline.link();
    List<Deadline> deadlines = new ArrayList<>();
    if (link.has(LoadEvent.WATCHED)) {
      long watchedNs = link.firstNs(LoadEvent.WATCHED).getAsLong();
      long overNs = Math.min(link.releasedNs(), link.endNs());
      for (FaultInterval interval : timeline.intervals()) {
        if (interval.startedNs() >= overNs) {
          continue;
        }
        if (interval.fault().isEnd()) {
          addEnd(deadlines, timeline, interval, watchedNs);
        } else if (interval.fault().silences(timeline.kind())) {
          addSilence(deadlines, timeline, interval, watchedNs);
        }
      }
    }
    link.all(LoadEvent.DEAD).forEach(dead -> deadlines.add(ofDeadConnection(timeline, dead)));
    return deadlines;
  }

  /** A silence sets a deadline if it lasts longer than the worst case of detection. */
  private static void addSilence(
      List<Deadline> deadlines, LinkTimeline timeline, FaultInterval interval, long watchedNs) {
    long fromNs = Math.max(interval.effectiveNs(), watchedNs);
    long dueNs = fromNs + timeline.tolerance().worstCaseNs() + Tolerance.SLACK_NS;
    if (interval.endingNs() < dueNs) {
      return;
    }
    long deadlineNs = timeline.extended(fromNs, dueNs);
    if (interval.endingNs() >= deadlineNs) {
      deadlines.add(new Deadline(interval.fault().toString(), deadlineNs));
    }
  }

  /** The end of a source's connections sets a deadline for each link that was watched before. */
  private static void addEnd(
      List<Deadline> deadlines, LinkTimeline timeline, FaultInterval end, long watchedNs) {
    if (watchedNs <= end.startedNs()) {
      long deadlineNs = timeline.heardNs(end, Tolerance.SLACK_NS);
      deadlines.add(new Deadline(end.fault().toString(), deadlineNs));
    }
  }

  /** The backup's kernel has given the connection up, whatever the reason. */
  private static Deadline ofDeadConnection(LinkTimeline timeline, BackupEvent dead) {
    long deadlineNs = timeline.extended(dead.atNs(), dead.atNs() + Tolerance.SLACK_NS);
    return new Deadline("the kernel's state, " + dead, deadlineNs);
  }
}
