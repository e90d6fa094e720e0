package io.github.keepalive4j.internal.timing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Liveness;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The round trips that the documentation names as the longest for a budget. */
class LongestRoundTripTest {
  private static final KernelTimers TIMERS = new KernelTimers(5_000, 4_000);

  @ParameterizedTest
  @CsvSource({"26, 1, 2", "100, 18, 19", "1000, 240, 250"})
  void aLostProbeIsSentAgainInTimeUpToTheLongestRoundTrip(
      int budgetMs, int longestMs, int tooLongMs) {
    Duration budget = Duration.ofMillis(budgetMs);
    Duration deadline = new DetectionBudget(budget, Liveness.HOST).solveProbes(TIMERS).deadline();
    assertTrue(needed(longestMs).compareTo(deadline) <= 0, () -> needed(longestMs).toString());
    assertTrue(needed(tooLongMs).compareTo(deadline) > 0, () -> needed(tooLongMs).toString());
  }

  private static Duration needed(int roundTripMs) {
    return DetectionBudget.leastDeadline(TIMERS, Duration.ofMillis(roundTripMs));
  }
}
