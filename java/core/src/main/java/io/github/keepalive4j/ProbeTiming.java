package io.github.keepalive4j;

import java.time.Duration;

/** When stop-and-wait probes give up, and what round trip they bear. */
final class ProbeTiming {
  /** For the wake-ups on the way: to send, to judge, to call back. One in a hundred took 2.4 ms. */
  static final Duration LATENESS = Duration.ofMillis(3);

  private ProbeTiming() {}

  static Duration worstCase(Duration interval, Duration deadline) {
    return interval.plus(deadline).plus(LATENESS);
  }
}
