package io.github.keepalive4j.soak.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Runs every fault alone, and some pairs. {@code -Dkeepalive4j.faults.pairs=576} runs all pairs,
 * {@code -Dkeepalive4j.faults.age=20} leaves links alone for up to 20 s before a fault. {@code
 * -Dkeepalive4j.faults.seed=…} draws the same pairs and times again.
 */
@RequiresLab
class FaultMatrixTest {
  private static final int PAIRS = Integer.getInteger("keepalive4j.faults.pairs", 12);
  private static final long SEED = Long.getLong("keepalive4j.faults.seed", System.nanoTime());
  private static final int LABS = 24;
  private static final Ages AGES =
      new Ages(SEED, Duration.ofSeconds(Integer.getInteger("keepalive4j.faults.age", 2)));

  @Test
  void everyLinkReportsWhatTheModelExpects() throws Exception {
    List<Row> rows =
        Stream.of(
                Row.singles(),
                Row.singlesUndone(),
                Row.singlesConfirmed(),
                Row.someOfPairs(PAIRS, SEED))
            .flatMap(List::stream)
            .toList();
    List<String> deviations = new ArrayList<>();
    List<Cell> cells =
        Matrix.run(rows, AGES, LABS, ofRow -> ofRow.forEach(cell -> add(deviations, cell)));
    assertEquals(List.of(), deviations, "seed " + SEED);
    assertEquals(rows.size() * Column.ALL.size(), cells.size());
  }

  private static void add(List<String> deviations, Cell cell) {
    Judgement.deviations(cell)
        .forEach(
            deviation ->
                deviations.add(cell + ", " + AGES.describe(cell.row()) + ": " + deviation));
  }
}
