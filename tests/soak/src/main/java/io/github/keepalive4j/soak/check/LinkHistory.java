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
 * What the owner did with one link, and what the monitor reported of it.
 *
 * @param events in the order of the file
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

  /**
   * Returns when the owner began to close or unwatch the link; {@code Long.MAX_VALUE} if it didn't.
   */
  long releasedNs() {
    return earliest(LoadEvent.CLOSING, LoadEvent.UNWATCHING);
  }

  /**
   * Returns when {@code close} or {@code unwatch} returned, after which the monitor may report
   * nothing; {@code Long.MAX_VALUE} if neither did.
   */
  long mutedNs() {
    long closedNs = firstNs(BackupEvent.CLOSED).orElse(Long.MAX_VALUE);
    return isUnwatched()
        ? Math.min(closedNs, firstNs(LoadEvent.UNWATCHED).orElseThrow())
        : closedNs;
  }

  /** Tells whether {@code unwatch} returned true: the link had not failed before. */
  boolean isUnwatched() {
    return first(LoadEvent.UNWATCHED)
        .map(event -> Boolean.parseBoolean(event.detail()))
        .orElse(false);
  }

  /**
   * Returns when the link failed or its source left; {@code Long.MAX_VALUE} if neither was
   * reported.
   */
  long endNs() {
    return earliest(BackupEvent.FAILOVER, BackupEvent.LEFT);
  }

  private long earliest(String one, String other) {
    return LongStream.of(firstNs(one).orElse(Long.MAX_VALUE), firstNs(other).orElse(Long.MAX_VALUE))
        .min()
        .getAsLong();
  }
}
