package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.internal.Range;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The waits between attempts. They double each time, with jitter so that backups don't retry in
 * step. Not thread-safe.
 */
public final class Backoff {
  private final long fromNs;
  private final long toNs;
  private long nextNs;

  /**
   * Makes waits that begin at the shortest.
   *
   * @param from the shortest wait, 1 ms to 1 day
   * @param to the longest wait, {@code from} to 1 day
   */
  public Backoff(Duration from, Duration to) {
    Range.checkMillisecondToDay("from", Objects.requireNonNull(from, "from"));
    Range.check("to", Objects.requireNonNull(to, "to"), from, Duration.ofDays(1));
    fromNs = from.toNanos();
    toNs = to.toNanos();
    nextNs = fromNs;
  }

  /**
   * Returns the next wait: from the current step to twice that, and never more than the longest.
   */
  public Duration next() {
    long least = nextNs;
    long most = Math.min(2 * least, toNs);
    nextNs = Math.min(2 * least, Math.max(fromNs, toNs / 2));
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(least, most + 1));
  }

  /** Starts over after a link that lived for longer than the longest wait. */
  public void linkLived(Duration time) {
    if (time.toNanos() > toNs) {
      nextNs = fromNs;
    }
  }
}
