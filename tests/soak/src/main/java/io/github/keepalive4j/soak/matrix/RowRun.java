package io.github.keepalive4j.soak.matrix;

import io.github.keepalive4j.soak.fault.Expectation;
import io.github.keepalive4j.soak.fault.Expectation.Suspicion;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.fault.Inflicted;
import io.github.keepalive4j.soak.program.BackupEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Plays one row on a stage. */
final class RowRun {
  static final Duration BETWEEN_FAULTS = Duration.ofMillis(500);

  private static final List<String> END = List.of(BackupEvent.FAILED);
  private static final Duration SUSPICION_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(15);

  /** Some probes; the rest is for faults to come at any phase of the probing. */
  private static final long SETTLING_MS = 300;

  private static final long PHASES_MS = 1_000;

  /** For a failover that is not to come, on top of the time that one could take. */
  private static final Duration NOTHING_COMES = Duration.ofMillis(500);

  /** For a doubled failover to come. */
  private static final long QUIET_MS = 100;

  private static final Duration LONGEST_BLINK = Duration.ofMillis(80);
  private static final int MOST_ATTEMPTS = 5;

  private final Stage stage;
  private final Row row;
  private final String name;
  private final List<Inflicted> faults = new ArrayList<>();

  private RowRun(Stage stage, Row row, String number) {
    this.stage = stage;
    this.row = row;
    this.name = "row" + number;
  }

  /**
   * Plays a row.
   *
   * @param number tells its links' names from those of other rows
   */
  static List<Cell> play(Stage stage, Row row, int number)
      throws IOException, InterruptedException {
    List<Cell> cells = List.of();
    boolean played = false;
    for (int attempt = 0; attempt < MOST_ATTEMPTS && !played; attempt++) {
      RowRun run = new RowRun(stage, row, number + "-" + attempt);
      cells = run.play();
      played = run.faults.stream().noneMatch(RowRun::isLongBlink);
    }
    return cells;
  }

  /** On a busy machine the source may have stood still for as long as it takes to be given up. */
  private static boolean isLongBlink(Inflicted fault) {
    return fault.fault() == FaultKind.SOURCE_BLINK
        && fault.effectiveNs() - fault.startedNs() > LONGEST_BLINK.toNanos();
  }

  private List<Cell> play() throws IOException, InterruptedException {
    stage.restore();
    try {
      for (Column column : Column.ALL) {
        stage
            .backup()
            .open(
                link(column),
                column.mechanism(),
                column.family().of(stage.lab().source()),
                row.transitory());
      }
      sleepMs(SETTLING_MS + ThreadLocalRandom.current().nextLong(PHASES_MS));
      inflict();
      if (row.transitory()) {
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
      stage.backup().closeLinks(name);
    }
  }

  private String link(Column column) {
    return name + "-" + Column.ALL.indexOf(column);
  }

  private void inflict() throws IOException, InterruptedException {
    for (FaultKind fault : row.faults()) {
      if (!faults.isEmpty()) {
        long sinceNs = System.nanoTime() - faults.get(0).effectiveNs();
        TimeUnit.NANOSECONDS.sleep(BETWEEN_FAULTS.toNanos() - sinceNs);
      }
      faults.add(Inflicted.on(stage.scene(), fault));
    }
  }

  private void awaitSuspicions() throws IOException, InterruptedException {
    for (Column column : Column.ALL) {
      if (row.expectation(column).suspicion() == Suspicion.DUE) {
        await(column, BackupEvent.SUSPECT, SUSPICION_TIMEOUT);
      }
    }
  }

  private void awaitRecoveries() throws IOException, InterruptedException {
    for (Column column : Column.ALL) {
      if (row.expectation(column).suspicion() == Suspicion.DUE) {
        await(column, BackupEvent.RECOVERED, RECOVERY_TIMEOUT);
      }
    }
  }

  private void await(Column column, String event, Duration timeout) throws InterruptedException {
    var unused = stage.backup().await(link(column), List.of(event, BackupEvent.FAILED), timeout);
  }

  /** A link that is not to fail is waited for as long as it could take to. */
  private void awaitFailovers() throws InterruptedException {
    for (Column column : Column.ALL) {
      Expectation expected = row.expectation(column);
      Inflicted since = expected.isFailover() ? faults.get(expected.decisive()) : latest();
      Duration slack = expected.isFailover() ? Judgement.SLACK : NOTHING_COMES;
      Duration wait = expected.within().plus(slack);
      long leftNs = since.effectiveNs() + wait.toNanos() - System.nanoTime();
      var unused = stage.backup().await(link(column), END, Duration.ofNanos(Math.max(0, leftNs)));
    }
  }

  private Inflicted latest() {
    return faults.get(faults.size() - 1);
  }

  private List<Cell> cells() {
    return Column.ALL.stream()
        .map(
            column ->
                new Cell(row, column, stage.backup().events(link(column)), List.copyOf(faults)))
        .toList();
  }

  private void undo() throws IOException {
    for (Inflicted fault : faults) {
      fault.close();
    }
  }

  private static void sleepMs(long ms) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(ms);
  }
}
