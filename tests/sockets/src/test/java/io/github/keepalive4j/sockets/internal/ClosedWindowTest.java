package io.github.keepalive4j.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The user timeouts for a closed window, against a model of the kernel, at random phases. */
class ClosedWindowTest {
  private static final int RUNS = 200;
  private static final double NEVER = Double.MAX_VALUE;

  private static int ruleMs(int budgetMs) {
    KeepaliveOptions options = KeepaliveOptions.forTraffic(Duration.ofMillis(budgetMs));
    return (int) options.userTimeout().orElseThrow().toMillis();
  }

  @ParameterizedTest
  @CsvSource({"3375, 200", "3375, 800", "10000, 200", "30000, 200", "30000, 1000", "120000, 200"})
  void aPeerThatAnswersIsNeverEnded(int budgetMs, int firstMs) {
    Random random = new Random(1);
    for (int i = 0; i < RUNS; i++) {
      double end =
          new ProbeTimer(random, budgetMs, ruleMs(budgetMs), firstMs, NEVER, NEVER, 0.02)
              .run(10 * budgetMs);
      assertEquals(Double.POSITIVE_INFINITY, end, "run " + i);
    }
  }

  /** The sweeper's documentation grants the JVM a pause of a quarter of the budget. */
  @ParameterizedTest
  @CsvSource({"3375, 200", "30000, 200", "120000, 1000"})
  void norIfTheSweeperIsLateByAFifthOfTheBudget(int budgetMs, int firstMs) {
    Random random = new Random(2);
    for (int i = 0; i < RUNS; i++) {
      double end =
          new ProbeTimer(random, budgetMs, ruleMs(budgetMs), firstMs, NEVER, NEVER, 0.2)
              .run(10 * budgetMs);
      assertEquals(Double.POSITIVE_INFINITY, end, "run " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"3375, 200", "10000, 200", "30000, 200", "30000, 1000", "120000, 200"})
  void oneLostProbeEndsNothing(int budgetMs, int firstMs) {
    Random random = new Random(3);
    for (int i = 0; i < RUNS; i++) {
      double lossMs = random.nextDouble() * 9 * budgetMs;
      double end =
          new ProbeTimer(random, budgetMs, ruleMs(budgetMs), firstMs, NEVER, lossMs, 0.02)
              .run(12 * budgetMs);
      assertEquals(Double.POSITIVE_INFINITY, end, "run " + i + ", loss at " + lossMs);
    }
  }

  @ParameterizedTest
  @CsvSource({"3375, 200", "10000, 200", "30000, 200", "30000, 1000", "120000, 200"})
  void aPeerThatDiesIsFoundWithinABudgetAndAHalf(int budgetMs, int firstMs) {
    Random random = new Random(4);
    for (int i = 0; i < RUNS; i++) {
      double cutMs = (1 + random.nextDouble() * 8) * budgetMs;
      double end =
          new ProbeTimer(random, budgetMs, ruleMs(budgetMs), firstMs, cutMs, NEVER, 0.02)
              .run(20 * budgetMs);
      assertTrue(
          end - cutMs <= 1.5 * budgetMs, "run " + i + ": " + (end - cutMs) / budgetMs + " budgets");
    }
  }
}
