package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.ActiveFault;
import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.Expectation.Suspicion;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.program.Backup;
import io.github.keepalive4j.soak.program.BackupEvent;
import io.github.keepalive4j.soak.program.Testbed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one row on a testbed. */
final class RowRun {
  static final Duration BETWEEN_FAULTS = Duration.ofMillis(500);

  private static final List<String> END = List.of(BackupEvent.FAILED, BackupEvent.CONFIRMED);
  private static final Duration SUSPICION_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(15);

  /** Extra wait for a failover that must not come, beyond the time that one could take. */
  private static final Duration NOTHING_COMES = Duration.ofMillis(500);

  /** Wait for a second failover, which must not come. */
  private static final long QUIET_MS = 100;

  private static final Duration LONGEST_STOP = Duration.ofMillis(80);
  private static final int MOST_ATTEMPTS = 5;

  private final Testbed testbed;
  private final Backup backup;
  private final Row row;
  private final Duration age;
  private final String name;
  private final List<ActiveFault> faults = new ArrayList<>();

  private RowRun(Testbed testbed, Row row, Duration age, String number) {
    this.testbed = testbed;
    this.backup = new Backup(testbed.backup());
    this.row = row;
    this.age = age;
    this.name = "row" + number;
  }

  /**
   * Runs a row, again if the machine disturbed it.
   *
   * @param age for how long its links are left alone before the first fault
   * @param number makes the names of the row's links unique
   */
  static List<Cell> run(Testbed testbed, Row row, Duration age, int number)
      throws IOException, InterruptedException {
    List<Cell> cells = List.of();
    boolean valid = false;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && !valid; attempt++) {
      RowRun run = new RowRun(testbed, row, age, number + "-" + attempt);
      cells = run.run();
      valid = run.faults.stream().noneMatch(RowRun::isLongStop);
    }
    return cells;
  }

  /** On a busy machine a short stop may last so long that the link fails, and rightly. */
  private static boolean isLongStop(ActiveFault fault) {
    return fault.kind() == FaultKind.SOURCE_SHORT_STOP
        && fault.effectiveNs() - fault.startedNs() > LONGEST_STOP.toNanos();
  }

  private List<Cell> run() throws IOException, InterruptedException {
    restore();
    try {
      for (Column column : Column.ALL) {
        backup.open(
            link(column),
            column.mechanism(),
            column.family().of(testbed.sources().get(0).host()),
            row.course() != Course.HELD,
            row.course().isConfirming() ? Course.CONFIRM : Duration.ZERO);
      }
      sleepMs(age.toMillis());
      inject();
      if (row.course() == Course.RESTARTED) {
        testbed.sources().get(0).restart();
      }
      if (row.course() == Course.UNDONE) {
        awaitSuspicions();
        undo();
        awaitRecoveries();
      } else {
        awaitFailovers();
      }
      sleepMs(QUIET_MS);
      return cells();
    } finally {
      undo();
      backup.closeLinks(name);
    }
  }

  /** Starts a source that was killed again, and removes failed neighbour entries. */
  private void restore() throws IOException, InterruptedException {
    testbed.flushNeighbours(testbed.sources());
    testbed.sources().get(0).restart();
  }

  private String link(Column column) {
    return name + "-" + Column.ALL.indexOf(column);
  }

  private void inject() throws IOException, InterruptedException {
    for (FaultKind fault : row.faults()) {
      if (!faults.isEmpty()) {
        long sinceNs = System.nanoTime() - faults.get(0).effectiveNs();
        TimeUnit.NANOSECONDS.sleep(BETWEEN_FAULTS.toNanos() - sinceNs);
      }
      faults.add(ActiveFault.on(testbed.target(0), fault));
    }
  }

  private void awaitSuspicions() throws IOException, InterruptedException {
    for (Column column : Column.ALL) {
      if (row.expectation(column).suspicion() == Suspicion.REQUIRED) {
        await(column, BackupEvent.SUSPECT, SUSPICION_TIMEOUT);
      }
    }
  }

  private void awaitRecoveries() throws IOException, InterruptedException {
    for (Column column : Column.ALL) {
      if (row.expectation(column).suspicion() == Suspicion.REQUIRED) {
        await(column, BackupEvent.RECOVERED, RECOVERY_TIMEOUT);
      }
    }
  }

  private void await(Column column, String event, Duration timeout) throws InterruptedException {
    var unused = backup.await(link(column), List.of(event, BackupEvent.FAILED), timeout);
  }

  /** Waits for all failovers; for a link that must not fail, as long as a failover could take. */
  private void awaitFailovers() throws InterruptedException {
    for (Column column : Column.ALL) {
      Expectation expected = row.expectation(column);
      ActiveFault since = expected.isFailover() ? faults.get(expected.decisive()) : latest();
      Duration slack = expected.isFailover() ? Judgement.SLACK : NOTHING_COMES;
      Duration more = row.course().isConfirming() ? Course.CONFIRM : Duration.ZERO;
      Duration wait = expected.within().plus(slack).plus(more);
      long leftNs = since.effectiveNs() + wait.toNanos() - System.nanoTime();
      var unused = backup.await(link(column), END, Duration.ofNanos(Math.max(0, leftNs)));
    }
  }

  private ActiveFault latest() {
    return faults.get(faults.size() - 1);
  }

  private List<Cell> cells() {
    return Column.ALL.stream()
        .map(column -> new Cell(row, column, backup.events(link(column)), List.copyOf(faults)))
        .toList();
  }

  private void undo() throws IOException {
    for (ActiveFault fault : faults) {
      fault.close();
    }
  }

  private static void sleepMs(long ms) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ms);
  }
}
