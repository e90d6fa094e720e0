package io.github.keepalive4j.soak.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Injures the holder of a claim three times, once with the ensemble stopped as well. {@code
 * -Dkeepalive4j.takeovers.rounds=100} plays rounds at random, {@code
 * -Dkeepalive4j.takeovers.seed=…} the same ones again.
 */
@RequiresLab
class TakeoversTest {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.takeovers.rounds", 0);
  private static final long SEED = Long.getLong("keepalive4j.takeovers.seed", System.nanoTime());
  private static final Path JAR = Path.of("..", "..", "java", "cli", "target", "keepalive.jar");

  /** MainTest kills a holder. In the second round here, the ensemble is stopped as well. */
  private static final List<Injury> SHORT = List.of(Injury.CUT_OFF, Injury.TERMINATED);

  @TempDir Path folder;

  @Test
  void neverTwoAtOnceAndOneAfterEachRound() throws Exception {
    Needs.program("cc");
    List<Injury> injuries =
        ROUNDS == 0 ? SHORT : Plan.shuffled(List.of(Injury.values()), ROUNDS, SEED);
    int stopEvery = ROUNDS == 0 ? SHORT.size() : Plan.STOP_EVERY;
    Result result = Rounds.play(new Plan(JAR, folder, Plan.AWAIT, injuries, stopEvery));
    System.out.print(result.text());
    assertEquals(List.of(), result.problems(), "seed " + SEED);
  }
}
