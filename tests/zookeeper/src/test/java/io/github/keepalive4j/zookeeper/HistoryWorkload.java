package io.github.keepalive4j.zookeeper;

import java.util.List;

/**
 * The time in which a workload ran by its own lines: from its start until it had stopped, or until
 * its holder was killed.
 *
 * @param start the line of its start
 * @param toNs when it had stopped; {@link Long#MAX_VALUE} if it runs on
 * @param aloneUntilNs from when on a test allows a successor to run beside it, because its holder
 *     is paused or cut off; {@link Long#MAX_VALUE} for never
 */
record HistoryWorkload(HistoryEvent start, long toNs, long aloneUntilNs) {
  static HistoryWorkload of(HistoryEvent start, List<HistoryEvent> all) {
    long stoppedNs = firstNs("workload-stop", start, all);
    long killedNs = firstNs("holder-killed", start, all);
    return new HistoryWorkload(
        start, Math.min(stoppedNs, killedNs), firstNs("overlap-allowed", start, all));
  }

  private static long firstNs(String event, HistoryEvent start, List<HistoryEvent> all) {
    return all.stream()
        .filter(each -> each.is(event) && each.isOnClaimOf(start))
        .mapToLong(HistoryEvent::begunNs)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  long fromNs() {
    return start.begunNs();
  }

  /** Tells whether one that starts later starts too early. */
  boolean overlaps(HistoryWorkload later) {
    return start.text("resource").equals(later.start.text("resource"))
        && later.fromNs() < Math.min(toNs, aloneUntilNs);
  }

  /** Tells whether it runs on while its claim is given up. */
  boolean outlives(HistoryEvent end) {
    return end.isOnClaimOf(start) && fromNs() <= end.atNs() && end.atNs() < toNs;
  }
}
