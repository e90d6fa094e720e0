package io.github.keepalive4j.soak.idle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The figures of a run for one budget, as a table and lines below it. */
final class Report {
  private static final double[] RANKS = {0.5, 0.9, 0.99, 1};

  private static final String THE_CUT = "the command that cuts";
  private static final String AGE = "the link was left alone for";

  private Report() {}

  /** Reports what counts of these. */
  static String of(End end, List<Cut> all) {
    List<Cut> cuts = counting(all);
    List<String> lines = new ArrayList<>();
    if (!cuts.isEmpty()) {
      String from = end.singular() + " to ";
      lines.addAll(heading());
      lines.add(row(from + "verdict", cuts, Cut::verdictMs));
      lines.add(row(from + "`failover` event", cuts, Cut::eventMs));
      lines.add(row(from + "CMD's first instruction", cuts, Cut::commandMs));
      lines.add(row("verdict to CMD's first instruction", cuts, Cut::releaseMs));
      lines.add(row("a C program releases a shell that waits", cuts, Cut::floorMs));
      if (end == End.CUT || end == End.CARRIER) {
        lines.add(row(THE_CUT, cuts, Cut::cutMs));
      }
      lines.add(row(AGE, cuts, Cut::ageMs));
      lines.add("");
      lines.add(ratio(cuts));
    }
    lines.add("causes: " + causes(cuts));
    if (cuts.size() < all.size()) {
      lines.add("false failovers before the end, not counted: " + (all.size() - cuts.size()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String ratio(List<Cut> cuts) {
    double ours = percentile(cuts, Cut::releaseMs, 0.5);
    double floor = percentile(cuts, Cut::floorMs, 0.5);
    return String.format(
        Locale.ROOT,
        "verdict to CMD's first instruction, p50: %.2f times the C program's",
        ours / floor);
  }

  private static String causes(List<Cut> cuts) {
    Map<String, Long> counts =
        cuts.stream()
            .collect(Collectors.groupingBy(Cut::cause, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Reports what counts of these. */
  static String ofLibrary(List<LibraryCut> all) {
    List<LibraryCut> cuts = counting(all);
    List<String> lines = new ArrayList<>();
    if (!cuts.isEmpty()) {
      lines.addAll(heading());
      lines.add(row("cut to verdict", cuts, LibraryCut::verdictMs));
      lines.add(row("cut to callback", cuts, LibraryCut::callbackMs));
      lines.add(row("verdict to callback", cuts, cut -> cut.callbackMs() - cut.verdictMs()));
      lines.add(row("the full collection", cuts, LibraryCut::stoppedMs));
      lines.add(row(THE_CUT, cuts, LibraryCut::cutMs));
      lines.add(row(AGE, cuts, LibraryCut::ageMs));
      lines.add("");
      lines.add(collections(cuts));
    }
    List<LibraryCut> others = all.stream().filter(cut -> !cut.counts()).toList();
    long early = others.stream().filter(LibraryCut::early).count();
    if (early > 0) {
      lines.add("false failovers before the cut, not counted: " + early);
    }
    if (others.size() > early) {
      lines.add(
          String.format(
              "cuts more than %d ms from their collection, not counted: %d",
              LibraryCut.AROUND_MS, others.size() - early));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Tells where the collections lay. */
  private static String collections(List<LibraryCut> cuts) {
    return String.format(
        Locale.ROOT,
        "collections began %.1f to %.1f ms after the cut, half of them by %.1f; %d of %d before it",
        percentile(cuts, LibraryCut::collectionMs, 0),
        percentile(cuts, LibraryCut::collectionMs, 1),
        percentile(cuts, LibraryCut::collectionMs, 0.5),
        cuts.stream().filter(cut -> cut.collectionMs() < 0).count(),
        cuts.size());
  }

  static <T extends Outcome> List<T> counting(List<T> all) {
    return all.stream().filter(Outcome::counts).toList();
  }

  private static List<String> heading() {
    return List.of("| ms | p50 | p90 | p99 | max |", "| --- | --- | --- | --- | --- |");
  }

  private static <T> String row(String name, List<T> cuts, ToDoubleFunction<T> time) {
    StringBuilder row = new StringBuilder("| " + name);
    for (double rank : RANKS) {
      row.append(String.format(Locale.ROOT, " | %.1f", percentile(cuts, time, rank)));
    }
    return row.append(" |").toString();
  }

  static <T> double percentile(List<T> cuts, ToDoubleFunction<T> time, double rank) {
    double[] sorted = cuts.stream().mapToDouble(time).sorted().toArray();
    return sorted[Math.max(0, (int) Math.ceil(rank * sorted.length) - 1)];
  }
}
