package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import io.github.keepalive4j.qemu.TakeoverStep.Outcome;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.qemu.CountingGuest;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QemuFailoverTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration SHORT_LIMIT = Duration.ofMillis(500);

  private QemuLab lab;

  @BeforeEach
  void open() throws Exception {
    lab = new QemuLab();
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void contStartsAPausedMachineOnce() throws Exception {
    QemuProcess backup = lab.start(lab.builder("backup").paused());
    QmpSession session = lab.connect(backup);
    FailoverAction action = new ContAction();

    Takeover takeover = action.run(session, LIMIT);
    QemuLab.report(takeover);
    assertFalse(takeover.alreadyDone());
    assertEquals(List.of("query-status", "cont", "query-status"), names(takeover.steps()));
    assertEquals("prelaunch", takeover.steps().get(0).detail());
    assertEquals("running", takeover.steps().get(2).detail());
    assertTrue(takeover.took().compareTo(Duration.ofSeconds(1)) < 0, takeover.toString());
    QemuLab.awaitCount(backup, 3);

    Takeover again = action.run(session, LIMIT);
    assertTrue(again.alreadyDone());
    assertEquals(List.of("query-status", "query-colo-status"), names(again.steps()));
    QemuLab.execute(session, "query-status");
    assertEquals(1, lab.events("RESUME"));
  }

  @Test
  void contContinuesTheCountOfAMigratedGuest() throws Exception {
    String uri = "unix:" + lab.file("migration");
    QemuProcess backup = lab.start(lab.builder("backup").paused().incoming(uri));
    QemuProcess source = lab.start(lab.builder("source"));
    QmpSession atSource = lab.connect(source);
    QmpSession atBackup = lab.connect(backup);
    QemuLab.awaitCount(source, 10);

    QemuLab.migrate(atSource, uri);
    QemuLab.awaitMigration(atSource, "completed");
    QemuLab.awaitStatus(atBackup, "paused");
    long atMigration = QemuLab.lastCount(source);
    TakeoverException stale =
        assertThrows(TakeoverException.class, () -> new ContAction().run(atSource, LIMIT));
    assertTrue(stale.getMessage().contains("postmigrate"), stale.getMessage());
    QemuLab.awaitStatus(atSource, "postmigrate");
    source.kill();
    assertEquals(0, QemuLab.lastCount(backup));

    Takeover takeover = new ContAction().run(atBackup, LIMIT);
    QemuLab.report(takeover);
    QemuLab.awaitCount(backup, atMigration + 5);
    long first = CountingGuest.counts(backup.serial()).min().orElseThrow();
    assertTrue(
        first > atMigration && first <= atMigration + 2,
        "the source counted to " + atMigration + ", the backup from " + first);
  }

  @Test
  void contRefusesAMachineThatWaitsForItsMigration() throws Exception {
    String uri = "unix:" + lab.file("migration");
    QmpSession session = lab.connect(lab.start(lab.builder("backup").paused().incoming(uri)));
    TakeoverException e =
        assertThrows(TakeoverException.class, () -> new ContAction().run(session, LIMIT));
    assertTrue(e.getMessage().contains("inmigrate"), e.getMessage());
    assertEquals(List.of("query-status"), names(e.steps()));
  }

  @Test
  void contFailsWithinTheLimitIfQemuIsDead() throws Exception {
    QemuProcess backup = lab.start(lab.builder("backup").paused());
    QmpSession session = lab.connect(backup);
    backup.kill();
    Eventually.await(
        "the session notices",
        QemuLab.TIMEOUT,
        () -> session.state() == QmpSession.State.DISCONNECTED);
    BestOfFive.requireWithin(
        SHORT_LIMIT,
        () -> {
          TakeoverException e = failure(session);
          assertEquals(Fault.UNREACHABLE, faultOf(e));
          assertTrue(e.took().compareTo(SHORT_LIMIT) >= 0, e.getMessage());
          return e.took();
        });
  }

  @Test
  void contFailsWithinTheLimitIfQemuIsStopped() throws Exception {
    QemuProcess backup = lab.start(lab.builder("backup").paused());
    QmpSession session = lab.connect(backup);
    signal(backup, "STOP");
    try {
      BestOfFive.requireWithin(
          SHORT_LIMIT,
          () -> {
            TakeoverException e = failure(session);
            assertEquals(Fault.TIMED_OUT, faultOf(e));
            return e.took();
          });
    } finally {
      signal(backup, "CONT");
    }
    assertFalse(new ContAction().run(session, LIMIT).alreadyDone());
    QemuLab.awaitCount(backup, 1);
  }

  @Test
  void theSecondarysActionRefusesAMachineOutsideColo() throws Exception {
    QmpSession session = lab.connect(lab.start(lab.builder("backup").paused()));
    TakeoverException secondary =
        assertThrows(TakeoverException.class, () -> new ColoSecondaryAction().run(session, LIMIT));
    assertTrue(
        secondary
            .getMessage()
            .contains("QEMU is no COLO secondary: mode none, last mode none, reason none"),
        secondary.getMessage());
  }

  @Test
  void executesOutOfBand() throws Exception {
    QmpSession session = lab.connect(lab.start(lab.builder("backup").paused()));
    assertTrue(session.execute(QmpCommand.of("query-yank").outOfBand(), LIMIT).isArray());
    QmpException e =
        assertThrows(
            QmpException.class,
            () -> session.execute(QmpCommand.of("query-status").outOfBand(), LIMIT));
    assertEquals("GenericError", e.errorClass());
  }

  @Test
  void theSessionReconnectsToARestartedQemu() throws Exception {
    QemuProcess first = lab.start(lab.builder("backup").paused());
    QmpSession session = lab.connect(first);
    first.kill();
    Eventually.await(
        "the session notices",
        QemuLab.TIMEOUT,
        () -> session.state() == QmpSession.State.DISCONNECTED);
    QemuProcess second = lab.start(lab.builder("backup").paused());
    assertFalse(new ContAction().run(session, QemuLab.TIMEOUT).alreadyDone());
    QemuLab.awaitCount(second, 1);
  }

  private static TakeoverException failure(QmpSession session) {
    long beganNs = System.nanoTime();
    TakeoverException e =
        assertThrows(TakeoverException.class, () -> new ContAction().run(session, SHORT_LIMIT));
    long tookNs = System.nanoTime() - beganNs;
    assertTrue(tookNs < SHORT_LIMIT.plusSeconds(2).toNanos(), "took " + tookNs + " ns");
    assertEquals(Outcome.FAILED, e.steps().get(e.steps().size() - 1).outcome());
    return e;
  }

  private static Fault faultOf(TakeoverException e) {
    return assertInstanceOf(QmpConnectionException.class, e.getCause()).fault();
  }

  private static void signal(QemuProcess process, String signal) throws Exception {
    String pid = Long.toString(process.process().pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  private static List<String> names(List<TakeoverStep> steps) {
    return steps.stream().map(TakeoverStep::name).toList();
  }
}
