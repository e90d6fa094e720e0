package io.github.keepalive4j.internal.timing;

import java.time.Duration;
import java.util.Optional;

/**
 * How soon this kernel sends a lost segment again.
 *
 * @param rtoMinUs the smallest {@code TCP_RTO_MIN_US} it takes, or 0 where it has no such option
 *     (before Linux 6.15)
 * @param jiffyUs the unit that its timers are rounded up to
 */
public record KernelTimers(int rtoMinUs, int jiffyUs) {
  /** {@code TCP_RTO_MIN} in {@code include/net/tcp.h}. */
  public static final int DEFAULT_RTO_MIN_US = 200_000;

  /**
   * Returns the longest time from sending a single segment to the loss probe that replaces it. That
   * is RTO_MIN and twice the round trip ({@code tcp_schedule_loss_probe()}), each in whole jiffies,
   * and two more. A timer is late by up to one jiffy, and by another if a busy CPU has to expire it
   * for an idle one ({@code kernel/time/timer_migration.c}).
   */
  public Duration lossProbe(Duration roundTrip) {
    long rtoMin = rtoMinUs == 0 ? DEFAULT_RTO_MIN_US : rtoMinUs;
    long jiffies = jiffies(rtoMin) + jiffies(roundTrip.multipliedBy(2).toNanos() / 1_000) + 2;
    return Duration.ofNanos(1_000L * jiffies * jiffyUs);
  }

  /** Returns these timers on a link for which RTO_MIN is set. */
  public KernelTimers withRtoMin(Duration rtoMin) {
    return new KernelTimers((int) (rtoMin.toNanos() / 1_000), jiffyUs);
  }

  private long jiffies(long us) {
    return (us + jiffyUs - 1) / jiffyUs;
  }

  /** Returns the smallest {@code TCP_RTO_MIN_US}, or empty where there is no such option. */
  public Optional<Duration> rtoMin() {
    return rtoMinUs == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(1_000L * rtoMinUs));
  }

  /** Returns the jiffy's length. */
  public Duration jiffy() {
    return Duration.ofNanos(1_000L * jiffyUs);
  }
}
