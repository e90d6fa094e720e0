package io.github.keepalive4j.soak.takeover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Checks the workload's own records: never two at once, one after each round, tokens that grow. */
final class RunChecker {
  private final List<Run> runs;
  private final List<String> problems = new ArrayList<>();

  private RunChecker(List<Run> runs) {
    this.runs = runs.stream().sorted(Comparator.comparingLong(Run::startNs)).toList();
  }

  /** Returns what is wrong, for people to read; nothing if all is right. */
  static List<String> problems(List<Run> runs, List<Round> rounds) {
    RunChecker checker = new RunChecker(runs);
    checker.checkOverlaps();
    checker.checkTokens();
    rounds.forEach(checker::checkRound);
    return checker.problems;
  }

  private void checkOverlaps() {
    for (int later = 1; later < runs.size(); later++) {
      for (Run earlier : runs.subList(0, later)) {
        long sharedNs =
            Math.min(earlier.endNs(), runs.get(later).endNs()) - runs.get(later).startNs();
        if (sharedNs > 0) {
          problems.add(
              String.format(
                  "two at once for %.3f s: %s, and %s", sharedNs / 1e9, earlier, runs.get(later)));
        }
      }
    }
  }

  private void checkTokens() {
    for (int later = 1; later < runs.size(); later++) {
      Run earlier = runs.get(later - 1);
      if (runs.get(later).token() <= earlier.token()) {
        problems.add("token not grown: " + earlier + ", then " + runs.get(later));
      }
    }
  }

  private void checkRound(Round round) {
    long running = runs.stream().filter(run -> run.covers(round.endNs())).count();
    if (running != 1) {
      problems.add(running + " run after " + round);
    }
    if (runs.stream().noneMatch(run -> isWithin(round, run.startNs()))) {
      problems.add("nobody took over in " + round);
    }
  }

  private static boolean isWithin(Round round, long atNs) {
    return round.startNs() <= atNs && atNs <= round.endNs();
  }
}
