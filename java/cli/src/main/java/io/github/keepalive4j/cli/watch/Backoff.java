package io.github.keepalive4j.cli.watch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits between attempts. They double each time, with jitter so that backups don't retry in step.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  Duration next() {
    long ms = next.toMillis();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return Duration.ofMillis(ms / 2 + ThreadLocalRandom.current().nextLong(ms / 2 + 1));
  }

  /** Starts over once an attempt has succeeded for longer than the longest wait. */
  void wentWellFor(Duration time) {
    if (time.compareTo(LONGEST) > 0) {
      next = FIRST;
    }
  }
}
