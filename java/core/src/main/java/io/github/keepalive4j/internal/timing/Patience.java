package io.github.keepalive4j.internal.timing;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;

/** How long a source waits for a silent backup, solved into the options of its connection. */
public final class Patience {
  public static final Duration DEFAULT = Duration.ofMinutes(30);

  /** With less, one lost segment would end a connection: probes come once a second. */
  public static final Duration SHORTEST = Duration.ofSeconds(3);

  public static final Duration LONGEST = Duration.ofDays(1);

  /** So many probes have to be lost before a living backup is shed. */
  private static final int PROBES = 30;

  private Patience() {}

  /**
   * Returns keepalive that ends an idle connection after this time, or up to a tenth or 1 s later.
   */
  public static KeepaliveOptions keepalive(Duration shedAfter) {
    long seconds = ceilDiv(shedAfter.toMillis(), 1_000);
    long interval = Math.max(1, seconds / PROBES);
    return KeepaliveOptions.builder()
        .idle(Duration.ofSeconds(interval))
        .interval(Duration.ofSeconds(interval))
        .count((int) ceilDiv(seconds - interval, interval))
        .build();
  }

  /**
   * Adds a user timeout. Keepalive doesn't probe while an answer is unacknowledged, and the user
   * timeout takes its place.
   */
  public static KeepaliveOptions withUserTimeout(Duration shedAfter) {
    return keepalive(shedAfter).toBuilder()
        .userTimeout(Duration.ofMillis(shedAfter.toMillis()))
        .build();
  }

  private static long ceilDiv(long dividend, long divisor) {
    return -Math.floorDiv(-dividend, divisor);
  }
}
