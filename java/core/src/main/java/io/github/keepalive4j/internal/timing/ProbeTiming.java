package io.github.keepalive4j.internal.timing;

import java.time.Duration;

/** When stop-and-wait probes give up. */
public final class ProbeTiming {
  /** Time for the wake-ups to send, to judge and to call back. One in a hundred took 2.4 ms. */
  public static final Duration LATENESS = Duration.ofMillis(3);

  private ProbeTiming() {}

  public static Duration worstCase(Duration interval, Duration deadline) {
    return interval.plus(deadline).plus(LATENESS);
  }
}
