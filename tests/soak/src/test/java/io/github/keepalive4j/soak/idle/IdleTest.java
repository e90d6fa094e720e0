package io.github.keepalive4j.soak.idle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few cuts of links that were left alone for up to 3 s. */
@RequiresLab
class IdleTest {
  private static final Path JAR = Path.of("..", "..", "java", "cli", "target", "keepalive.jar");
  private static final int BUDGET_MS = 30;
  private static final int SLACK_MS = 10;

  /** Beyond this no busy machine is to blame. */
  private static final int MOST_MS = 2_000;

  @TempDir Path folder;

  @Test
  void aLinkThatWasLeftAloneKeepsTheBudgetToTheFirstInstructionOfTheTakeover() throws Exception {
    Needs.program("cc");
    Plan plan = new Plan(JAR, BUDGET_MS + "ms", 500, 3_000, List.of());
    List<Cut> cuts = Cuts.make(plan, 6, 2, System.nanoTime(), folder);
    assertEquals(6, cuts.size());
    assertTrue(best(cuts, Cut::eventMs) <= BUDGET_MS + SLACK_MS, cuts::toString);
    assertTrue(best(cuts, Cut::commandMs) <= BUDGET_MS + SLACK_MS, cuts::toString);
    assertTrue(cuts.stream().allMatch(cut -> cut.commandMs() <= MOST_MS), cuts::toString);
  }

  @Test
  void theReportRanksTheTimes() {
    List<Cut> cuts =
        List.of(new Cut(0, 1, 0, 0, 0), new Cut(0, 3, 0, 0, 0), new Cut(0, 2, 0, 0, 0));
    assertEquals(2, Report.percentile(cuts, Cut::verdictMs, 0.5));
    assertEquals(3, Report.percentile(cuts, Cut::verdictMs, 0.99));
  }

  private static double best(List<Cut> cuts, ToDoubleFunction<Cut> time) {
    return cuts.stream().mapToDouble(time).min().orElseThrow();
  }
}
