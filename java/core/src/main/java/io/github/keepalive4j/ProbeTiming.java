package io.github.keepalive4j;

import java.time.Duration;

/** When stop-and-wait probes give up, and what round trip they bear. */
final class ProbeTiming {
  /** For two wake-ups of the native thread, to send and to judge. */
  static final Duration LATENESS = Duration.ofMillis(1);

  private ProbeTiming() {}

  static Duration worstCase(Duration interval, Duration deadline) {
    return interval.plus(deadline).plus(LATENESS);
  }
}
