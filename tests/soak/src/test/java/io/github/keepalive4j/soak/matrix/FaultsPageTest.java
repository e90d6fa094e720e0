package io.github.keepalive4j.soak.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The committed page shows the matrix as it is now. */
class FaultsPageTest {
  private static final int FAULTS = FaultKind.values().length;

  private static final List<String> SINGLES =
      List.of("## Alone", "## Undone before the verdict", "## With a second opinion");

  private static String page;

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of("FAULTS.md"));
  }

  @Test
  void everyFaultAloneHasARow() {
    assertEquals(labels(Row.singles()), column(table("## Alone"), 1));
    assertEquals(labels(Row.singlesUndone()), column(table("## Undone before the verdict"), 1));
    assertEquals(labels(Row.singlesConfirmed()), column(table("## With a second opinion"), 1));
  }

  @Test
  void everyKindOfLinkHasAColumn() {
    for (String section : SINGLES) {
      List<String> titles = cells(lines(section).get(0));
      assertEquals(
          Column.ALL.stream().map(Column::toString).toList(), titles.subList(2, titles.size()));
    }
  }

  @Test
  void everyPairHasACell() {
    List<String> numbers = IntStream.rangeClosed(1, FAULTS).mapToObj(Integer::toString).toList();
    for (Mechanism mechanism : Mechanism.values()) {
      List<String> titles = cells(lines("### " + mechanism).get(0));
      assertEquals(numbers, titles.subList(1, titles.size()));
      List<String> rows = column(table("### " + mechanism), 0);
      assertEquals(numbers.stream().map(number -> "**" + number + "**").toList(), rows);
    }
  }

  @Test
  void noCellIsEmptyOrDeviates() {
    Stream.concat(SINGLES.stream(), Stream.of("### keepalive", "### fast", "### process"))
        .map(FaultsPageTest::table)
        .flatMap(List::stream)
        .flatMap(row -> row.subList(1, row.size()).stream())
        .forEach(
            cell -> {
              assertFalse(cell.isEmpty());
              assertFalse(cell.endsWith(FaultsPage.DEVIATION), cell);
            });
  }

  @Test
  void theOptionsAreThoseOfTheMatrix() {
    for (Mechanism mechanism : Mechanism.values()) {
      assertTrue(page.contains("`" + mechanism.options() + "`"), mechanism::toString);
    }
  }

  private static List<String> labels(List<Row> rows) {
    return rows.stream().map(row -> "`" + row.label() + "`").toList();
  }

  private static List<String> column(List<List<String>> table, int number) {
    return table.stream().map(row -> row.get(number)).toList();
  }

  /** Returns the rows of the table under a heading, without its own two heading rows. */
  private static List<List<String>> table(String heading) {
    List<String> lines = lines(heading);
    int width = cells(lines.get(0)).size();
    List<List<String>> rows =
        lines.subList(2, lines.size()).stream().map(FaultsPageTest::cells).toList();
    rows.forEach(row -> assertEquals(width, row.size()));
    return rows;
  }

  private static List<String> lines(String heading) {
    return page.lines()
        .dropWhile(line -> !line.equals(heading))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .toList();
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
        .map(String::strip)
        .toList();
  }
}
