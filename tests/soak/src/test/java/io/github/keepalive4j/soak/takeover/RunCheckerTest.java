package io.github.keepalive4j.soak.takeover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Made-up records, right and wrong. */
class RunCheckerTest {
  private static final Run FIRST = ended("source", 1, 0, 10);
  private static final Run SECOND = ended("b1", 2, 12, 20);

  private static Run ended(String host, long token, long startS, long endS) {
    return new Run(
        host, token, TimeUnit.SECONDS.toNanos(startS), TimeUnit.SECONDS.toNanos(endS), true);
  }

  private static Run killed(String host, long token, long startS, long lastS) {
    Run run = ended(host, token, startS, lastS);
    return new Run(run.host(), run.token(), run.startNs(), run.lastNs(), false);
  }

  private static Round round(long startS, long endS) {
    return new Round(
        1, Injury.KILLED, false, TimeUnit.SECONDS.toNanos(startS), TimeUnit.SECONDS.toNanos(endS));
  }

  private static void assertFound(String problem, List<Run> runs, Round... rounds) {
    List<String> problems = RunChecker.problems(runs, List.of(rounds));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).startsWith(problem), problems.toString());
  }

  @Test
  void runsOneAfterTheOtherAreRight() {
    assertEquals(List.of(), RunChecker.problems(List.of(SECOND, FIRST), List.of(round(9, 15))));
  }

  @Test
  void twoRunsAtOnceAreFound() {
    assertFound("two at once for 1.000 s", List.of(FIRST, ended("b1", 2, 9, 20)));
  }

  @Test
  void aRunWithinAnotherIsFound() {
    assertFound(
        "two at once for 2.000 s", List.of(ended("source", 1, 0, 30), ended("b1", 2, 9, 11)));
  }

  @Test
  void aThirdRunBesideTheFirstIsFound() {
    Run long1 = ended("source", 1, 0, 30);
    List<String> problems =
        RunChecker.problems(List.of(long1, ended("b1", 2, 5, 6), ended("b2", 3, 8, 9)), List.of());
    assertEquals(2, problems.size(), problems.toString());
  }

  @Test
  void aKilledRunMayLastUntilItsNextBeat() {
    Run killed = killed("source", 1, 0, 10);
    Run next =
        new Run("b1", 2, killed.lastNs() + Run.BEAT.toNanos() - 1, killed.lastNs() * 2, true);
    assertFound("two at once", List.of(killed, next));
    Run later = new Run("b1", 2, killed.lastNs() + Run.BEAT.toNanos(), killed.lastNs() * 2, true);
    assertEquals(List.of(), RunChecker.problems(List.of(killed, later), List.of()));
  }

  @Test
  void aTokenThatGoesBackIsFound() {
    assertFound("token not grown", List.of(ended("source", 3, 0, 10), SECOND));
  }

  @Test
  void aTokenThatIsUsedTwiceIsFound() {
    assertFound("token not grown", List.of(ended("source", 2, 0, 10), SECOND));
  }

  @Test
  void aRoundWithoutASuccessorIsFound() {
    assertFound("0 run after round 1 (killed)", List.of(FIRST, SECOND), round(9, 21));
  }

  @Test
  void aHolderThatNoInjuryEndsIsFound() {
    assertFound("nobody took over in round 1", List.of(FIRST, SECOND), round(13, 15));
  }
}
