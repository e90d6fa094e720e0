package io.github.keepalive4j.soak.matrix;

import java.time.Duration;
import java.util.Random;

/**
 * For how long each row's links are left alone before the first fault: some probes at least, so
 * that faults hit any moment of the probing.
 *
 * @param seed the same seed gives a row the same time
 * @param longest the links' greatest age, 1 s or more
 */
record Ages(long seed, Duration longest) {
  private static final Duration LEAST = Duration.ofMillis(300);

  Duration of(Row row) {
    Random random = new Random(seed ^ row.toString().hashCode());
    return LEAST.plusNanos(random.nextLong(longest.minus(LEAST).toNanos()));
  }

  /** Returns what is needed to draw the same again. */
  String describe(Row row) {
    return "left alone for " + of(row) + ", seed " + seed;
  }
}
