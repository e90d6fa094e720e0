package io.github.keepalive4j.soak.takeover;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of the rounds.
 *
 * @param runs of the workload, by their starts
 * @param problems what is wrong, for people to read; nothing if all is right
 */
record Result(List<Run> runs, List<Round> rounds, List<String> problems) {
  static Result of(List<Run> runs, List<Round> rounds, int planned) {
    List<String> problems = new ArrayList<>(RunChecker.problems(runs, rounds));
    if (rounds.size() < planned) {
      problems.add(planned - rounds.size() + " rounds were not played");
    }
    List<Run> sorted = runs.stream().sorted(Comparator.comparingLong(Run::startNs)).toList();
    return new Result(sorted, List.copyOf(rounds), List.copyOf(problems));
  }

  /** Returns the figures as a table in Markdown, and the problems. */
  String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| the holder was | rounds | runs again after: median, longest | nobody ran for: shortest, median, longest |");
    lines.add("| --- | --- | --- | --- |");
    Map<String, List<Round>> kinds =
        rounds.stream()
            .collect(Collectors.groupingBy(Result::kind, TreeMap::new, Collectors.toList()));
    kinds.forEach((kind, of) -> lines.add(row(kind, of)));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "%d rounds in %.1f minutes, %d runs; %s",
            rounds.size(),
            minutes(),
            runs.size(),
            problems.isEmpty() ? "never two at once, one after each round" : "PROBLEMS:"));
    lines.addAll(problems);
    return String.join("\n", lines) + "\n";
  }

  private static String kind(Round round) {
    return round.injury() + (round.ensembleStopped() ? ", the ensemble stopped for 10 s" : "");
  }

  private double minutes() {
    return rounds.isEmpty()
        ? 0
        : (rounds.get(rounds.size() - 1).endNs() - rounds.get(0).startNs()) / 60e9;
  }

  private String row(String kind, List<Round> of) {
    List<Double> again = new ArrayList<>();
    List<Double> nobody = new ArrayList<>();
    for (Round round : of) {
      for (int i = 1; i < runs.size(); i++) {
        if (runs.get(i).startNs() >= round.startNs()) {
          again.add((runs.get(i).startNs() - round.startNs()) / 1e9);
          nobody.add((runs.get(i).startNs() - runs.get(i - 1).endNs()) / 1e9);
          break;
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s |",
        kind,
        of.size(),
        seconds(again, 0.5, 1),
        seconds(nobody, 0, 0.5, 1));
  }

  private static String seconds(List<Double> times, double... ranks) {
    List<Double> sorted = times.stream().sorted().toList();
    return sorted.isEmpty()
        ? "never"
        : Arrays.stream(ranks)
            .mapToObj(rank -> sorted.get((int) Math.round(rank * (sorted.size() - 1))))
            .map(time -> String.format(Locale.ROOT, "%.1f s", time))
            .collect(Collectors.joining(", "));
  }
}
