package io.github.keepalive4j.internal.timing;

import java.time.Duration;

/**
 * When the kernel's keepalive gives up: {@code tcp_keepalive_timer()} in {@code
 * net/ipv4/tcp_timer.c}.
 */
public final class KeepaliveTiming {
  /**
   * The kernel's timer wheel fires late by up to an eighth of the time set ({@code
   * kernel/time/timer.c}).
   */
  private static final int LATENESS_SHARE = 8;

  private KeepaliveTiming() {}

  public static Duration worstCase(int idleSeconds, int intervalSeconds, int probes) {
    return late(Duration.ofSeconds(idleSeconds + (long) intervalSeconds * probes));
  }

  /** With a user timeout the count is ignored: the first tick at or past it ends the link. */
  public static Duration worstCase(int idleSeconds, int intervalSeconds, Duration userTimeout) {
    long pastIdleMs = userTimeout.toMillis() - 1_000L * idleSeconds;
    long ticks = Math.max(1, -Math.floorDiv(-pastIdleMs, 1_000L * intervalSeconds));
    return late(Duration.ofSeconds(idleSeconds + ticks * intervalSeconds));
  }

  /**
   * When the kernel gives up what it has sent ({@code retransmits_timed_out()}). Nothing counts
   * until the first retransmission. It comes a retransmission timeout after the loss probe, which
   * is sent a retransmission timeout after the data at the latest ({@code
   * tcp_schedule_loss_probe()}). The last retransmission timer ends with the user timeout ({@code
   * tcp_clamp_rto_to_user_timeout()}).
   */
  public static Duration worstCaseInFlight(Duration rto, Duration userTimeout) {
    return late(rto.multipliedBy(2).plus(userTimeout));
  }

  private static Duration late(Duration nominal) {
    return nominal.plus(nominal.dividedBy(LATENESS_SHARE));
  }
}
