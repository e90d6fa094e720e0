package io.github.keepalive4j.internal.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.Liveness;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a budget is split on a kernel with jiffies of 4 ms and an RTO of 5 ms at least. */
class DetectionBudgetTest {
  private static final KernelTimers TIMERS = new KernelTimers(5_000, 4_000);

  /** A lost probe is made good in 21 ms, or in 25 where a busy kernel sends it a jiffy late. */
  @ParameterizedTest
  @CsvSource({"26, 2, 21", "30, 2, 25", "34, 6, 25", "100, 25, 72"})
  void theDeadlineLeavesAJiffyToALateRetransmissionIfItCan(
      int budgetMs, int intervalMs, int deadlineMs) {
    DetectionBudget.Probes probes =
        new DetectionBudget(Duration.ofMillis(budgetMs), Liveness.HOST).solveProbes(TIMERS);
    assertEquals(Duration.ofMillis(intervalMs), probes.interval());
    assertEquals(Duration.ofMillis(deadlineMs), probes.deadline());
  }
}
