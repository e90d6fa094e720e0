package io.github.keepalive4j.soak.idle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures of a run, as a table. */
final class Report {
  private static final double[] RANKS = {0.5, 0.9, 0.99, 1};

  private Report() {}

  static String of(List<Cut> cuts) {
    List<String> lines = heading();
    lines.add(row("cut to verdict", cuts, Cut::verdictMs));
    lines.add(row("cut to `failover` event", cuts, Cut::eventMs));
    lines.add(row("cut to CMD's first instruction", cuts, Cut::commandMs));
    lines.add(
        row("verdict to CMD's first instruction", cuts, cut -> cut.commandMs() - cut.verdictMs()));
    lines.add(row("a C program releases a shell that waits", cuts, Cut::floorMs));
    return String.join("\n", lines) + "\n";
  }

  static String ofLibrary(List<LibraryCut> cuts) {
    List<String> lines = heading();
    lines.add(row("cut to verdict", cuts, LibraryCut::verdictMs));
    lines.add(row("cut to callback", cuts, LibraryCut::callbackMs));
    lines.add(row("verdict to callback", cuts, cut -> cut.callbackMs() - cut.verdictMs()));
    lines.add(row("the full collection", cuts, LibraryCut::stoppedMs));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> heading() {
    return new ArrayList<>(
        List.of("| ms | p50 | p90 | p99 | max |", "| --- | --- | --- | --- | --- |"));
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
