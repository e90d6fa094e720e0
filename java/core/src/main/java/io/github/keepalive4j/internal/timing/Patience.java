package io.github.keepalive4j.internal.timing;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;

/**
 * How long a source waits for a silent backup, solved into the options of its connection. They end
 * no connection after a shorter pause. A pause begins up to one interval after the last segment
 * that the source heard, and the backup is heard again up to one interval after it.
 */
public final class Patience {
  public static final Duration DEFAULT = Duration.ofMinutes(30);

  /** With less, one lost segment would end a connection: probes come once a second. */
  public static final Duration SHORTEST = Duration.ofSeconds(3);

  public static final Duration LONGEST = Duration.ofDays(1);

  /** So many probes have to be lost before a living backup is shed. */
  private static final int PROBES = 30;

  /** One before the pause, one after it, and one because the kernel's timers run late. */
  private static final int SPARE_INTERVALS = 3;

  /**
   * While an answer is on its way, the kernel may end a connection after this share of the time.
   */
  private static final int SHARE = 3;

  private Patience() {}

  /** Returns how patient a source has to be, so that it never resets a backup with this budget. */
  public static Duration sufficientFor(Duration budget) {
    return Duration.ofSeconds(seconds(budget.multipliedBy(SHARE)));
  }

  /**
   * Returns keepalive that ends an idle connection after this time and 3 to 4 intervals more. An
   * interval is a thirtieth of the time, at least 1 s.
   */
  public static KeepaliveOptions keepalive(Duration shedAfter) {
    long interval = intervalSeconds(shedAfter);
    return KeepaliveOptions.builder()
        .idle(Duration.ofSeconds(interval))
        .interval(Duration.ofSeconds(interval))
        .count((int) (ceilDiv(seconds(shedAfter), interval) + SPARE_INTERVALS - 1))
        .build();
  }

  /**
   * Adds a user timeout. Keepalive doesn't probe while an answer is unacknowledged, and the user
   * timeout takes its place.
   */
  public static KeepaliveOptions withUserTimeout(Duration shedAfter) {
    Duration spare = Duration.ofSeconds(SPARE_INTERVALS * intervalSeconds(shedAfter));
    return keepalive(shedAfter).toBuilder()
        .userTimeout(Duration.ofMillis(shedAfter.plus(spare).toMillis()))
        .build();
  }

  private static long intervalSeconds(Duration shedAfter) {
    return Math.max(1, seconds(shedAfter) / PROBES);
  }

  private static long seconds(Duration shedAfter) {
    return ceilDiv(shedAfter.toMillis(), 1_000);
  }

  private static long ceilDiv(long dividend, long divisor) {
    return -Math.floorDiv(-dividend, divisor);
  }
}
