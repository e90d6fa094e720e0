package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.List;

/** When the backup stood still, and could tell nothing. */
final class Stalls {
  private final List<BackupEvent> stalls;

  Stalls(List<BackupEvent> general) {
    stalls = general.stream().filter(event -> event.what().equals(LoadEvent.STALLED)).toList();
  }

  boolean overlaps(long fromNs, long toNs) {
    return stalls.stream().anyMatch(stall -> stall.atNs() <= toNs && stall.toldNs() >= fromNs);
  }

  /** Returns when so much time has passed for the backup as would have by a deadline. */
  long extended(long fromNs, long deadlineNs) {
    long extendedNs = deadlineNs;
    for (BackupEvent stall : stalls) {
      if (stall.toldNs() >= fromNs && stall.atNs() <= extendedNs) {
        extendedNs += stall.toldNs() - Math.max(fromNs, stall.atNs());
      }
    }
    return extendedNs;
  }
}
