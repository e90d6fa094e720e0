package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Mechanism;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page with the results of the matrix, in Markdown. */
final class FaultsPage {
  /** Shown where a link reported nothing. */
  static final String NOTHING = "–";

  /** Marks a cell that deviates from the model. */
  static final String DEVIATION = "!";

  private static final String AMBIGUOUS = "*";

  private static final String HEAD =
      """
      # The fault matrix

      This page shows what a backup reports of a link under every fault of the testkit, alone and in ordered pairs. Each
      cell comes from a run and was compared with a model (`io.github.keepalive4j.soak.fault.Model`): %d cells, %d of them
      deviating, on %s, Linux %s, JDK %s. To repeat it, as root:

      ```sh
      mvn package
      java -jar tests/soak/target/soak.jar faults tests/soak/FAULTS.md
      ```

      One cable joins two hosts. A link of each kind goes from the backup to the source, over IPv4 and over IPv6:

      | link | options | worst case predicted |
      | --- | --- | --- |
      %s
      A drop or loss at the backup's host equals one at the source's host in the other direction, so it isn't listed twice.
      """;

  private static final String ALONE =
      """

      ## Alone

      The fault stays active to the end. The time runs from the fault to the verdict. `%s` means no failover.

      """
          .formatted(NOTHING);

  private static final String UNDONE =
      """

      ## Undone before the verdict

      The links have long deadlines here. The fault is undone as soon as they are suspected.

      """;

  private static final String CONFIRMED =
      """

      ## With a second opinion

      The backup tries a source again for %d ms before it takes over (`confirm`), on links with long deadlines. `restarted` means
      that the source's process was started again. The time runs from the fault to the answer, or to the failover.

      """
          .formatted(Course.CONFIRM.toMillis());

  private static final String PAIRS =
      """

      ## In pairs

      Two faults %d ms apart, both active to the end. The row has the first fault's number, the column the second one's.
      %s, `%s` no failover. `T/U` means `T` over IPv4 and `U` over IPv6. `%s` means that the model allows more than one
      cause.
      """;

  private final List<Cell> cells;
  private final Map<Row, Map<Column, Cell>> byRow;

  private FaultsPage(List<Cell> cells) {
    this.cells = cells;
    this.byRow =
        cells.stream()
            .collect(
                Collectors.groupingBy(
                    Cell::row, Collectors.toMap(Cell::column, Function.identity())));
  }

  static String of(List<Cell> cells) {
    return new FaultsPage(cells).text();
  }

  /** Returns the table of some rows with a single fault. */
  static String singles(List<Cell> cells, List<Row> rows) {
    return new FaultsPage(cells).table(rows);
  }

  private String text() {
    StringBuilder page = new StringBuilder(head());
    page.append(ALONE).append(table(Row.singles()));
    page.append(UNDONE).append(table(Row.singlesUndone()));
    page.append(CONFIRMED).append(table(Row.singlesConfirmed()));
    page.append(PAIRS.formatted(RowRun.BETWEEN_FAULTS.toMillis(), legend(), NOTHING, AMBIGUOUS));
    for (Mechanism mechanism : Mechanism.values()) {
      page.append("\n### ").append(mechanism).append("\n\n").append(grid(mechanism));
    }
    return page.toString();
  }

  private String head() {
    long deviating = cells.stream().filter(FaultsPage::deviates).count();
    return HEAD.formatted(
        cells.size(),
        deviating,
        LocalDate.now(ZoneOffset.UTC),
        System.getProperty("os.version"),
        System.getProperty("java.version"),
        links());
  }

  private static String links() {
    return Stream.of(Mechanism.values())
        .map(
            mechanism ->
                row(
                    mechanism.toString(),
                    "`" + mechanism.options() + "`",
                    mechanism.options().worstCaseDetection().toMillis() + " ms"))
        .collect(Collectors.joining());
  }

  private static String legend() {
    return Arrays.stream(FailureCause.values())
        .map(cause -> "`" + cause.name().charAt(0) + "` " + cause)
        .collect(Collectors.joining(", "));
  }

  private String table(List<Row> rows) {
    String titles = Column.ALL.stream().map(Column::toString).collect(Collectors.joining(" | "));
    StringBuilder table = new StringBuilder(row("", "fault", titles));
    table.append(rule(2 + Column.ALL.size()));
    for (Row row : rows) {
      FaultKind fault = row.faults().get(0);
      table.append(
          row(
              number(fault),
              "`" + row.label() + "`",
              Column.ALL.stream()
                  .map(column -> inFull(byRow.get(row).get(column)))
                  .collect(Collectors.joining(" | "))));
    }
    return table.toString();
  }

  private String grid(Mechanism mechanism) {
    FaultKind[] faults = FaultKind.values();
    String numbers = Stream.of(faults).map(FaultsPage::number).collect(Collectors.joining(" | "));
    StringBuilder grid = new StringBuilder(row("", numbers)).append(rule(1 + faults.length));
    for (FaultKind first : faults) {
      String line =
          Stream.of(faults)
              .map(second -> inShort(new Row(List.of(first, second), Course.HELD), mechanism))
              .collect(Collectors.joining(" | "));
      grid.append(row("**" + number(first) + "**", line));
    }
    return grid.toString();
  }

  private static String number(FaultKind fault) {
    return Integer.toString(List.of(FaultKind.values()).indexOf(fault) + 1);
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String rule(int columns) {
    return "| " + String.join(" | ", Collections.nCopies(columns, "---")) + " |\n";
  }

  private static boolean deviates(Cell cell) {
    return !Judgement.deviations(cell).isEmpty();
  }

  private static String inFull(Cell cell) {
    if (cell.row().course().isConfirming()) {
      return secondOpinion(cell) + (deviates(cell) ? DEVIATION : "");
    }
    String events =
        cell.events().stream()
            .map(BackupEvent::what)
            .filter(what -> List.of(BackupEvent.SUSPECT, BackupEvent.RECOVERED).contains(what))
            .map(what -> what + " ")
            .collect(Collectors.joining());
    String abort = cell.has(BackupEvent.ABORTED) ? BackupEvent.ABORTED : "";
    String end = cell.failover().map(failover -> inFull(cell, failover)).orElse(abort);
    String all = (events + end).strip();
    return (all.isEmpty() ? NOTHING : all) + (deviates(cell) ? DEVIATION : "");
  }

  private static String secondOpinion(Cell cell) {
    return Stream.of(BackupEvent.CONFIRMED, BackupEvent.FAILOVER)
        .flatMap(event -> cell.first(event).stream())
        .map(
            event ->
                event.detail()
                    + " "
                    + event.what()
                    + " "
                    + Math.max(0, event.reportedNs() - cell.decisive().effectiveNs()) / 1_000_000
                    + " ms")
        .collect(Collectors.joining(", "));
  }

  private static String inFull(Cell cell, BackupEvent failover) {
    String errno =
        cell.first(BackupEvent.FAILED)
            .map(BackupEvent::detail)
            .filter(name -> name.startsWith("E"))
            .map(name -> " " + name)
            .orElse("");
    long ms = Math.max(0, cell.detectionNs().orElseThrow() / 1_000_000);
    return failover.detail() + errno + " " + ms + " ms";
  }

  private String inShort(Row row, Mechanism mechanism) {
    Map<Column, Cell> found = byRow.get(row);
    String ipv4 = inShort(found.get(new Column(mechanism, Family.IPV4)));
    String ipv6 = inShort(found.get(new Column(mechanism, Family.IPV6)));
    return ipv4.equals(ipv6) ? ipv4 : ipv4 + "/" + ipv6;
  }

  private static String inShort(Cell cell) {
    Expectation expected = cell.expectation();
    String cause =
        cell.failover().map(failover -> failover.detail().substring(0, 1)).orElse(NOTHING);
    return cause
        + (expected.causes().size() > 1 ? AMBIGUOUS : "")
        + (deviates(cell) ? DEVIATION : "");
  }
}
