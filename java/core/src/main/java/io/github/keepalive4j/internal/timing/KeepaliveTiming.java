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

  private static Duration late(Duration nominal) {
    return nominal.plus(nominal.dividedBy(LATENESS_SHARE));
  }
}
