package io.github.keepalive4j.internal.timing;

import java.time.Duration;
import java.util.Objects;

/**
 * Options that keep a budget on a connection that carries data.
 *
 * <p>An idle peer is given up at the first probe due at or past the user timeout. The user timeout
 * ends half an interval before the last probe that the budget has room for. So two probes at least
 * go unanswered before, also when timers are late, and a retransmission timeout of a quarter of the
 * interval still fits in twice before the budget ends: {@link KeepaliveTiming#worstCaseInFlight}.
 */
public record TrafficBudget(Duration idle, Duration interval, int count, Duration userTimeout) {
  private static final int MAX_SECONDS = 32_767;
  private static final int PREFERRED_COUNT = 5;
  private static final Duration LONGEST =
      KeepaliveTiming.worstCase(MAX_SECONDS, MAX_SECONDS, PREFERRED_COUNT);

  /**
   * Solves a budget.
   *
   * @throws IllegalArgumentException if one lost segment would end the connection, or the kernel
   *     takes no such seconds
   */
  public static TrafficBudget solve(Duration budget) {
    if (Objects.requireNonNull(budget, "budget").compareTo(DetectionBudget.LEAST_KEEPALIVE) < 0
        || budget.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "budget "
              + budget
              + " is not from "
              + DetectionBudget.LEAST_KEEPALIVE
              + " to "
              + LONGEST
              + ": to survive the loss of one segment keepalive takes two probes, which are whole"
              + " seconds apart and up to an eighth late");
    }
    return split(budget.dividedBy(KeepaliveTiming.worstCase(1, 0, 1)));
  }

  /** The idle time takes what the intervals leave. */
  private static TrafficBudget split(long seconds) {
    int count = (int) Math.min(PREFERRED_COUNT, seconds - 1);
    long interval = seconds / (count + 1);
    long idle = Math.min(MAX_SECONDS, seconds - count * interval);
    long userTimeoutMs = 1_000 * (idle + count * interval) - 500 * interval;
    return new TrafficBudget(
        Duration.ofSeconds(idle),
        Duration.ofSeconds(interval),
        count,
        Duration.ofMillis(userTimeoutMs));
  }
}
