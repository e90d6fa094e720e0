package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.qemu.TakeoverStep.Outcome;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QemuColoTest {

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long CHECKPOINT_DELAY_MS = 60_000;

  private static final String REPLICATED_DISK =
      "if=none,id=colo-disk0,driver=quorum,read-pattern=fifo,vote-threshold=1,"
          + "children.0.driver=null-co";

  private QemuLab lab;
  private QemuProcess primary;
  private QemuProcess secondary;
  private QmpSession atPrimary;
  private QmpSession atSecondary;

  @BeforeEach
  void pair() throws Exception {
    lab = new QemuLab();
    String uri = "unix:" + lab.file("migration");
    secondary = lab.start(lab.builder("secondary").incoming(uri));
    primary = lab.start(lab.builder("primary").arguments("-drive", REPLICATED_DISK));
    atSecondary = lab.connect(secondary);
    atPrimary = lab.connect(primary);
    enableColo(atSecondary);
    enableColo(atPrimary);
    atPrimary.execute(
        QmpCommand.of("migrate-set-parameters").with("x-checkpoint-delay", CHECKPOINT_DELAY_MS),
        QemuLab.TIMEOUT);
    QemuLab.awaitCount(primary, 5);
    QemuLab.migrate(atPrimary, uri);
    awaitMode(atPrimary, "primary");
    awaitMode(atSecondary, "secondary");
    QemuLab.awaitStatus(atPrimary, "running");
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private static void enableColo(QmpSession session) throws Exception {
    QmpValue capabilities = QmpValue.of(List.of(Map.of("capability", "x-colo", "state", true)));
    session.execute(
        QmpCommand.of("migrate-set-capabilities").with("capabilities", capabilities),
        QemuLab.TIMEOUT);
  }

  private static void awaitMode(QmpSession session, String mode) throws Exception {
    Eventually.await(
        "COLO mode " + mode,
        QemuLab.TIMEOUT,
        () -> QemuLab.execute(session, "query-colo-status").path("mode").asText().equals(mode));
  }

  @Test
  void contRefusesBothMachines() {
    for (QmpSession machine : List.of(atPrimary, atSecondary)) {
      TakeoverException e =
          assertThrows(TakeoverException.class, () -> new ContAction().run(machine, LIMIT));
      assertTrue(e.getMessage().contains("in COLO mode"), e.getMessage());
    }
  }

  @Test
  void theSecondaryTakesOverFromADeadPrimary() throws Exception {
    long counted = QemuLab.lastCount(primary);
    primary.kill();

    Takeover takeover = new ColoSecondaryAction().run(atSecondary, LIMIT);
    QemuLab.report(takeover);
    assertFalse(takeover.alreadyDone());
    assertEquals(Outcome.ABSENT, outcomeOf(takeover, "nbd-server-stop"));
    assertEquals(Outcome.DONE, outcomeOf(takeover, "x-colo-lost-heartbeat"));
    assertLeft(atSecondary, "secondary");
    QemuLab.awaitCount(secondary, counted + 5);

    assertTrue(new ColoSecondaryAction().run(atSecondary, LIMIT).alreadyDone());
  }

  @Test
  void theSecondaryStopsItsNbdServer() throws Exception {
    QmpValue address = QmpValue.of(Map.of("type", "unix", "data", Map.of("path", path("nbd"))));
    atSecondary.execute(QmpCommand.of("nbd-server-start").with("addr", address), LIMIT);
    primary.kill();
    Takeover takeover = new ColoSecondaryAction().run(atSecondary, LIMIT);
    assertEquals(Outcome.DONE, outcomeOf(takeover, "nbd-server-stop"));
  }

  @Test
  void thePrimaryRunsAloneAfterItsSecondaryDies() throws Exception {
    atPrimary.execute(
        QmpCommand.of("object-add").with("qom-type", "iothread").with("id", "iothread1"), LIMIT);
    atPrimary.execute(
        QmpCommand.of("blockdev-add").with("driver", "null-co").with("node-name", "replication0"),
        LIMIT);
    atPrimary.execute(
        QmpCommand.of("x-blockdev-change")
            .with("parent", "colo-disk0")
            .with("node", "replication0"),
        LIMIT);
    secondary.kill();

    Takeover takeover = ColoPrimaryAction.defaults().run(atPrimary, LIMIT);
    QemuLab.report(takeover);
    assertEquals(
        List.of(
            Outcome.DONE, // query-yank
            Outcome.ABSENT, // yank mirror0
            Outcome.ABSENT, // yank compare1
            Outcome.DONE, // x-blockdev-change
            Outcome.DONE, // blockdev-del
            Outcome.ABSENT, // object-del comp0
            Outcome.DONE, // object-del iothread1
            Outcome.ABSENT,
            Outcome.ABSENT,
            Outcome.ABSENT),
        takeover.steps().subList(1, 11).stream().map(TakeoverStep::outcome).toList());
    assertLeft(atPrimary, "primary");
    QemuLab.awaitCount(primary, QemuLab.lastCount(primary) + 5);

    assertTrue(ColoPrimaryAction.defaults().run(atPrimary, LIMIT).alreadyDone());
  }

  @Test
  void thePrimarySkipsWhatIsNotThere() throws Exception {
    FailoverAction action =
        ColoPrimaryAction.builder()
            .yankBlockNode("nbd0")
            .removeChild("colo-disk0", "children.1")
            .removeChild("no-disk", "children.1")
            .deleteBlockNode("replication0")
            .deleteObject("comp0")
            .build();
    Takeover takeover = action.run(atPrimary, LIMIT);
    assertEquals(
        List.of(Outcome.ABSENT, Outcome.ABSENT, Outcome.ABSENT, Outcome.ABSENT, Outcome.ABSENT),
        takeover.steps().subList(2, 7).stream().map(TakeoverStep::outcome).toList());
    assertLeft(atPrimary, "primary");
  }

  private String path(String name) {
    return lab.file(name).toString();
  }

  private static void assertLeft(QmpSession session, String role) throws Exception {
    QmpValue status = QemuLab.execute(session, "query-colo-status");
    assertEquals("none", status.path("mode").asText());
    assertEquals(role, status.path("last-mode").asText());
    assertEquals("request", status.path("reason").asText());
    assertTrue(QemuLab.execute(session, "query-status").path("running").asBoolean(false));
  }

  private static Outcome outcomeOf(Takeover takeover, String step) {
    return takeover.steps().stream()
        .filter(candidate -> candidate.name().equals(step))
        .findFirst()
        .orElseThrow()
        .outcome();
  }
}
