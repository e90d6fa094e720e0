package io.github.keepalive4j.internal.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a budget is split between the idle time, the probes and the user timeout. */
class TrafficBudgetTest {
  private static final Duration LEAST = Duration.ofMillis(3_375);
  private static final Duration LONGEST =
      Duration.ofSeconds(6 * 32_767L).multipliedBy(9).dividedBy(8);

  @ParameterizedTest
  @CsvSource({
    "3375, 1, 1, 2, 2500",
    "4499, 1, 1, 2, 2500",
    "4500, 1, 1, 3, 3500",
    "6000, 1, 1, 4, 4500",
    "6750, 1, 1, 5, 5500",
    "7875, 2, 1, 5, 6500",
    "30000, 6, 4, 5, 24000",
    "221177250, 32767, 32767, 5, 180218500",
    "221177249, 32767, 32766, 5, 180214000"
  })
  void theSecondsOfABudgetAreSplit(
      long budgetMs, long idle, long interval, int count, long userTimeoutMs) {
    TrafficBudget times = TrafficBudget.solve(Duration.ofMillis(budgetMs));
    assertEquals(Duration.ofSeconds(idle), times.idle());
    assertEquals(Duration.ofSeconds(interval), times.interval());
    assertEquals(count, times.count());
    assertEquals(Duration.ofMillis(userTimeoutMs), times.userTimeout());
  }

  @Test
  void eachBudgetIsKeptAndSurvivesOneLostSegment() {
    for (long ms = LEAST.toMillis(); ms <= 300_000; ms += 37) {
      assertKept(Duration.ofMillis(ms));
    }
    Random random = new Random(18);
    for (int i = 0; i < 10_000; i++) {
      long spare = LONGEST.minus(LEAST).toNanos();
      assertKept(LEAST.plusNanos((long) (random.nextDouble() * spare)));
    }
    assertKept(LONGEST);
  }

  private static void assertKept(Duration budget) {
    TrafficBudget times = TrafficBudget.solve(budget);
    Duration idle = idleDeath(times);
    String what = budget + ": " + times;
    assertTrue(idle.compareTo(budget) <= 0, what);
    assertTrue(inFlightDeath(times).compareTo(budget) <= 0, what);
    assertTrue(latestAnswerToTheSecondProbe(times).compareTo(times.userTimeout()) < 0, what);
    assertTrue(times.interval().dividedBy(4).toMillis() >= 250, what);
    boolean isCapped = times.idle().toSeconds() == 32_767;
    Duration wasted = budget.minus(idle);
    assertTrue(isCapped || wasted.compareTo(Duration.ofMillis(1_125)) < 0, what);
  }

  private static Duration idleDeath(TrafficBudget times) {
    int idle = (int) times.idle().toSeconds();
    int interval = (int) times.interval().toSeconds();
    return KeepaliveTiming.worstCase(idle, interval, times.userTimeout());
  }

  private static Duration inFlightDeath(TrafficBudget times) {
    Duration rto = times.interval().dividedBy(4);
    return KeepaliveTiming.worstCaseInFlight(rto, times.userTimeout());
  }

  /** The first probe was lost. The kernel looks at the user timeout before it sends the second. */
  private static Duration latestAnswerToTheSecondProbe(TrafficBudget times) {
    return times.idle().plus(times.interval()).multipliedBy(9).dividedBy(8);
  }
}
