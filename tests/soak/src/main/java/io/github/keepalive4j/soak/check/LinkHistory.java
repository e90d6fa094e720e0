package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.LinkKind;
import io.github.keepalive4j.soak.load.LoadEvent;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What was done with one link, and what was told of it.
 *
 * @param events in the order in which they were written
 */
public record LinkHistory(List<BackupEvent> events) {
  String name() {
    return events.get(0).link();
  }

  LinkKind kind() {
    return LinkKind.parse(first(LoadEvent.OPENING).orElseThrow().detail());
  }

  long openingNs() {
    return first(LoadEvent.OPENING).orElseThrow().atNs();
  }

  public Stream<BackupEvent> all(String what) {
    return events.stream().filter(event -> event.what().equals(what));
  }

  Optional<BackupEvent> first(String what) {
    return all(what).findFirst();
  }

  OptionalLong firstNs(String what) {
    return all(what).mapToLong(BackupEvent::atNs).findFirst();
  }

  boolean has(String what) {
    return first(what).isPresent();
  }

  /** Returns when its owner began to let go of it; never if it didn't. */
  long releasedNs() {
    return earliest(LoadEvent.CLOSING, LoadEvent.UNWATCHING);
  }

  /** Returns since when the monitor may tell nothing more; never if it may. */
  long mutedNs() {
    long closedNs = firstNs(BackupEvent.CLOSED).orElse(Long.MAX_VALUE);
    return isTakenBack()
        ? Math.min(closedNs, firstNs(LoadEvent.UNWATCHED).orElseThrow())
        : closedNs;
  }

  /** Tells whether the monitor said that it hadn't failed when it was taken back. */
  boolean isTakenBack() {
    return first(LoadEvent.UNWATCHED)
        .map(event -> Boolean.parseBoolean(event.detail()))
        .orElse(false);
  }

  /** Returns when it ended by its source's doing, as far as was told; never if it didn't. */
  long endNs() {
    return earliest(BackupEvent.FAILOVER, BackupEvent.LEFT);
  }

  private long earliest(String one, String other) {
    return LongStream.of(firstNs(one).orElse(Long.MAX_VALUE), firstNs(other).orElse(Long.MAX_VALUE))
        .min()
        .getAsLong();
  }
}
