package io.github.keepalive4j.bench.report;

import java.util.ArrayList;
import java.util.List;

/** The tables for a terminal. */
final class TextReport {
  private static final String GAP = "  ";

  private TextReport() {}

  static String of(Results results, List<Target> targets) {
    StringBuilder text = new StringBuilder();
    results.machine().forEach((name, value) -> text.append(name + ": " + value + "\n"));
    for (Table table : Tables.of(results, targets)) {
      text.append('\n').append(of(table));
    }
    return text.toString();
  }

  static String of(Table table) {
    StringBuilder text = new StringBuilder(table.title() + "\n");
    append(table, text);
    return text.toString();
  }

  private static void append(Table table, StringBuilder text) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.header());
    lines.addAll(table.rows());
    for (List<String> line : lines) {
      for (int column = 0; column < line.size(); column++) {
        text.append(column == 0 ? "" : GAP);
        text.append(padded(line.get(column), width(lines, column), column == 0));
      }
      text.append('\n');
    }
  }

  private static int width(List<List<String>> lines, int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }

  private static String padded(String cell, int width, boolean left) {
    String padding = " ".repeat(width - cell.length());
    return left ? cell + padding : padding + cell;
  }
}
