package io.github.keepalive4j.bench.report;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param warmUpRounds trials of each subject and ending before the ones that count
 * @param rounds trials of each subject and ending
 * @param roundsTime how long the trials may take; the warm-up may take half of it
 * @param allocations trials of each subject that measure the heap
 * @param silentLinks links of each subject to fall silent at once
 * @param silences how often they do
 * @param deaths how many links die at once, and how often
 * @param idleLinks links of each subject on which nothing happens
 * @param idleTime for how long
 * @param openCloseTurns turns of opening and closing for each
 * @param cuts silent cuts beside each BFD session
 * @param firstFailures JVMs of each subject that see their first failure
 */
record Plan(
    int warmUpRounds,
    int rounds,
    Duration roundsTime,
    int allocations,
    int silentLinks,
    int silences,
    List<Deaths> deaths,
    int idleLinks,
    Duration idleTime,
    int openCloseTurns,
    int cuts,
    int firstFailures) {

  /** So many rounds with so many links each. */
  record Deaths(int links, int rounds) {}

  /**
   * Enough failures of each ending for HotSpot to compile every subject's code: C2 compiles what
   * has run 5,000 times (Tier4InvocationThreshold).
   */
  private static final int WARM_UP = 2_600;

  /** How long the trials of everything take by default. */
  static final int FULL_SECONDS = 150;

  /** How long those of peers that die alone take by default. */
  static final int QUICK_SECONDS = 40;

  /** Everything, with 20 cuts and the default time within 10 minutes. */
  static Plan full(int cuts, Duration roundsTime) {
    return new Plan(
        WARM_UP,
        2000,
        roundsTime,
        200,
        300,
        3,
        List.of(
            new Deaths(1, 21),
            new Deaths(10, 21),
            new Deaths(100, 21),
            new Deaths(1000, 9),
            new Deaths(8000, 5)),
        8000,
        Duration.ofSeconds(30),
        20,
        cuts,
        5);
  }

  /** Peers that die, alone; in the default time within a minute. */
  static Plan quick(Duration roundsTime) {
    return new Plan(WARM_UP, 700, roundsTime, 50, 0, 0, List.of(), 0, Duration.ZERO, 0, 0, 0);
  }
}
