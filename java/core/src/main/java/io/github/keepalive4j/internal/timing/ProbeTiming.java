package io.github.keepalive4j.internal.timing;

import java.time.Duration;

/** When stop-and-wait probes give up, and what round trip they bear. */
public final class ProbeTiming {
  /** For the wake-ups on the way: to send, to judge, to call back. One in a hundred took 2.4 ms. */
  public static final Duration LATENESS = Duration.ofMillis(3);

  private ProbeTiming() {}

  public static Duration worstCase(Duration interval, Duration deadline) {
    return interval.plus(deadline).plus(LATENESS);
  }
}
