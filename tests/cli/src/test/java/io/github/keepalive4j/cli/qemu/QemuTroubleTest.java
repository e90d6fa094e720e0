package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** QEMUs that can't take over, or can't yet. */
class QemuTroubleTest {
  private static final double LIMIT_MS = 2_000;
  private static final double SLACK_MS = 2_000;

  @TempDir Path folder;

  @Test
  void aDeadQemuIsAnErrorInBoundedTime() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Keepalive backup = watch(source, machine.qmp())) {
      backup.awaitEvent("connected");
      machine.kill();
      backup.awaitError(machine.qmp() + "  QEMU is lost");
      EventLine error = failure(backup, source);
      assertEquals("UNREACHABLE", error.text("fault"));
      assertEquals(List.of("query-status"), QemuTakeovers.names(error));
    }
  }

  @Test
  void aQemuThatDiesTogetherWithTheSourceIsAnErrorInBoundedTime() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Keepalive backup = watch(source, machine.qmp())) {
      backup.awaitEvent("connected");
      machine.signal("KILL");
      EventLine error = failure(backup, source);
      assertTrue(List.of("UNREACHABLE", "ENDED").contains(error.text("fault")), backup::output);
    }
  }

  @Test
  void aSilentQemuIsAnErrorInBoundedTime() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Keepalive backup = watch(source, machine.qmp())) {
      backup.awaitEvent("connected");
      machine.signal("STOP");
      EventLine error = failure(backup, source);
      assertTrue(List.of("TIMED_OUT", "UNREACHABLE").contains(error.text("fault")), backup::output);
      assertEquals(List.of("query-status"), QemuTakeovers.names(error));
    }
  }

  @Test
  void theErrorContainsQemusAnswer() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        QemuMachine machine =
            QemuMachine.start(folder, builder -> builder.arguments("-no-reboot", "-no-shutdown"));
        Keepalive backup = watch(source, machine.qmp())) {
      machine.execute("system_reset");
      machine.awaitStatus("shutdown"); // from which only a reset leads
      backup.awaitEvent("connected");
      EventLine error = failure(backup, source);
      assertEquals("GenericError", error.text("errorClass"));
      assertTrue(error.text("description").contains("Reset"), backup::output);
      assertTrue(error.json().get("fault").isNull());
      assertEquals(List.of("query-status", "cont"), QemuTakeovers.names(error));
    }
  }

  @Test
  void aMachineInTheWrongStateIsReportedWithItsState() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Keepalive backup = watch(source, machine.qmp(), "--qmp-action", "colo-secondary")) {
      backup.awaitEvent("connected");
      EventLine error = failure(backup, source);
      assertEquals("colo-secondary", error.text("action"));
      assertTrue(error.text("message").contains("no COLO secondary"), backup::output);
      assertEquals("prelaunch", machine.status());
    }
  }

  /** Kills the source and returns how the takeover failed. */
  private EventLine failure(Keepalive backup, Sources.Listening source) throws Exception {
    backup.awaitEvent("up");
    source.process().kill();
    assertEquals(3, backup.awaitEnd(), backup::output);
    assertFalse(Files.exists(ran()), "the command ran after a takeover that failed");
    assertEquals(List.of(), backup.events("takeover"));
    EventLine error =
        backup.events("error").stream()
            .filter(event -> event.json().has("steps"))
            .findFirst()
            .orElseThrow();
    assertEquals(source.address(), error.text("peer"));
    double tookMs = error.json().get("tookMs").doubleValue();
    assertTrue(tookMs < LIMIT_MS + SLACK_MS, backup::output);
    return error;
  }

  @Test
  void aQemuThatIsStartedLaterTakesOver() throws Exception {
    Path qmp = folder.resolve("machine.qmp");
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, "unix:" + qmp)) {
      backup.awaitEvent("up");
      EventLine warning = backup.awaitEvent("error");
      assertEquals("unix:" + qmp, warning.text("peer"));
      assertTrue(warning.text("message").startsWith("QEMU can't be reached"), backup::output);
      try (QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused)) {
        backup.awaitEvent("connected");
        source.process().kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
        assertEquals("running", machine.status());
        assertEquals(List.of("taken over"), Files.readAllLines(ran()));
        machine.requireOneStart();
      }
    }
  }

  @Test
  void theConnectionIsReusedForTheNextLink() throws Exception {
    try (QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Sources.Listening first = Sources.onLoopback();
        Keepalive backup = watch(first, machine.qmp(), "--rearm")) {
      backup.awaitEvent("up");
      backup.awaitEvent("connected");
      first.process().kill();
      assertFalse(alreadyDone(backup.awaitEvent("takeover", 1)));
      try (Sources.Listening second = Sources.onLoopback(first.port())) {
        backup.awaitEvent("up", 2);
        second.process().kill();
        assertTrue(alreadyDone(backup.awaitEvent("takeover", 2)));
      }
      assertEquals(1, backup.events("connected").size(), backup::output);
      machine.requireOneStart();
    }
  }

  private static boolean alreadyDone(EventLine takeover) {
    return takeover.json().get("alreadyDone").booleanValue();
  }

  private Keepalive watch(Sources.Listening source, String qmp, String... more) throws Exception {
    String[] options = {
      "--qmp", qmp, "--qmp-timeout", "2s", "--on-failover", "echo taken over >> " + ran()
    };
    return QemuTakeovers.watch(
        source.address(), Stream.of(options, more).flatMap(Stream::of).toArray(String[]::new));
  }

  private Path ran() {
    return folder.resolve("ran");
  }
}
