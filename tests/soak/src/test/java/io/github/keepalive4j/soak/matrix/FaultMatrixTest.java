package io.github.keepalive4j.soak.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.soak.program.BackupEvent;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs every fault alone, some of them undone before the verdict, and some pairs. {@code
 * -Dkeepalive4j.faults.undone=24 -Dkeepalive4j.faults.pairs=576} runs all of these, {@code
 * -Dkeepalive4j.faults.age=20} leaves links alone for up to 20 s before a fault. {@code
 * -Dkeepalive4j.faults.seed=…} draws the same pairs and times again.
 */
@RequiresLab
class FaultMatrixTest {
  private static final int PAIRS = Integer.getInteger("keepalive4j.faults.pairs", 5);
  private static final int UNDONE = Integer.getInteger("keepalive4j.faults.undone", 8);
  private static final long SEED = Long.getLong("keepalive4j.faults.seed", System.nanoTime());
  private static final int LABS = 12;
  private static final Ages AGES =
      new Ages(SEED, Duration.ofSeconds(Integer.getInteger("keepalive4j.faults.age", 2)));

  @Test
  void everyLinkReportsWhatTheModelExpectsOfEachFaultAlone() throws Exception {
    List<Cell> cells = requireNoDeviation(Row.singles());
    for (Mechanism mechanism : Mechanism.values()) {
      List<Cell> silenced = silenced(mechanism, cells);
      assertTrue(silenced.size() > 20, mechanism + " was silenced " + silenced.size() + " times");
      requireOneInTime(mechanism, silenced);
      requireSuspicions(mechanism, silenced);
    }
  }

  @Test
  void everyLinkSurvivesFaultsThatAreUndoneBeforeTheVerdict() throws Exception {
    requireNoDeviation(Row.someOf(Row.singlesUndone(), UNDONE, SEED));
  }

  @Test
  void everyLinkThatConfirmsReportsOnlyAnEndThatIsConfirmed() throws Exception {
    requireNoDeviation(Row.singlesConfirmed());
  }

  @Test
  void everyLinkReportsWhatTheModelExpectsOfPairsOfFaults() throws Exception {
    requireNoDeviation(Row.someOf(Row.pairs(), PAIRS, SEED));
  }

  /** Runs the rows and returns their cells. */
  private static List<Cell> requireNoDeviation(List<Row> rows) throws Exception {
    List<String> deviations = new ArrayList<>();
    List<Cell> cells =
        Matrix.run(rows, AGES, LABS, ofRow -> ofRow.forEach(cell -> add(deviations, cell)));
    assertEquals(List.of(), deviations, "seed " + SEED);
    assertEquals(rows.size() * Column.ALL.size(), cells.size());
    return cells;
  }

  /** Returns the cells of one fault each that had to fail, and did, because nothing was heard. */
  private static List<Cell> silenced(Mechanism mechanism, List<Cell> cells) {
    return cells.stream()
        .filter(cell -> cell.column().mechanism() == mechanism)
        .filter(cell -> cell.row().faults().size() == 1 && cell.row().course() == Course.HELD)
        .filter(cell -> cell.expectation().isFailover() && cell.expectation().isBySilence())
        .filter(cell -> cell.failover().isPresent())
        .toList();
  }

  /** The machine is busy with all labs, so that single ones are late. */
  private static void requireOneInTime(Mechanism mechanism, List<Cell> silenced) {
    long limitNs = mechanism.options().worstCaseDetection().plus(BestOfFive.SLACK).toNanos();
    long bestNs =
        silenced.stream().mapToLong(cell -> cell.detectionNs().orElseThrow()).min().orElseThrow();
    assertTrue(bestNs <= limitNs, () -> mechanism + ": at best " + bestNs / 1e6 + " ms");
  }

  /**
   * The page shows a suspicion before each verdict. Where the machine is busy, a check may be so
   * late that it suspects nothing and finds the link dead.
   */
  private static void requireSuspicions(Mechanism mechanism, List<Cell> silenced) {
    long suspected = silenced.stream().filter(cell -> cell.has(BackupEvent.SUSPECT)).count();
    assertTrue(
        2 * suspected > silenced.size(),
        () -> mechanism + ": " + suspected + " of " + silenced.size() + " were suspected");
  }

  private static void add(List<String> deviations, Cell cell) {
    Judgement.deviations(cell)
        .forEach(
            deviation ->
                deviations.add(cell + ", " + AGES.describe(cell.row()) + ": " + deviation));
  }
}
