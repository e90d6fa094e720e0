package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * COLO pairs of which either host is cut off silently: the heartbeat that COLO leaves to others.
 */
class QemuColoTest {
  /** Beyond the test's end: on a busy machine, a pair under TCG may stall in a checkpoint. */
  private static final long CHECKPOINT_DELAY_MS = 60_000;

  @TempDir Path folder;

  private Lab lab;
  private QemuMachine primary;
  private QemuMachine secondary;

  @BeforeEach
  void pair() throws Exception {
    lab = Needs.openLab();
    secondary = QemuMachine.on(lab.backup(), folder, QemuMachine.awaitingMigration());
    primary = QemuMachine.on(lab.source(), folder, builder -> builder);
    enableColo(secondary);
    enableColo(primary);
    primary.execute(
        QmpCommand.of("migrate-set-parameters").with("x-checkpoint-delay", CHECKPOINT_DELAY_MS));
    primary.awaitCount(5);
    primary.beginMigrationTo(lab.backup());
    awaitMode(primary, "primary");
    awaitMode(secondary, "secondary");
    primary.awaitStatus("running");
  }

  private static void enableColo(QemuMachine machine) throws Exception {
    QmpValue capabilities = QmpValue.of(List.of(Map.of("capability", "x-colo", "state", true)));
    machine.execute(QmpCommand.of("migrate-set-capabilities").with("capabilities", capabilities));
  }

  private static void awaitMode(QemuMachine machine, String mode) throws Exception {
    machine.await(
        "COLO mode " + mode,
        () -> machine.execute("query-colo-status").path("mode").asText().equals(mode));
  }

  @AfterEach
  void closeAll() throws IOException {
    for (QemuMachine machine : new QemuMachine[] {primary, secondary}) {
      if (machine != null) {
        machine.close();
      }
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void theSecondaryTakesOverFromALostPrimary() throws Exception {
    long counted = primary.count();
    lose(lab.source(), lab.backup(), secondary, "secondary");
    secondary.awaitCount(counted + 5);
  }

  @Test
  void thePrimaryContinuesWithoutALostSecondary() throws Exception {
    lose(lab.backup(), lab.source(), primary, "primary");
    primary.awaitCount(primary.count() + 5);
  }

  /** Cuts off the host that serves; the other's machine must leave COLO in its role, and run. */
  private void lose(Host lost, Host survivor, QemuMachine machine, String role) throws Exception {
    try (Sources.Listening source = Sources.on(lost, lost.ipv4());
        Keepalive watch =
            QemuTakeovers.watch(
                survivor,
                source.address(),
                "--detect-within",
                "500ms",
                "--qmp",
                machine.qmp(),
                "--qmp-action",
                "colo-" + role)) {
      watch.awaitEvent("up");
      watch.awaitEvent("connected");
      try (Fault cut = lost.drop()) {
        assertEquals(0, watch.awaitEnd(), watch::output);
        QemuTakeovers.requireOrder(watch, cut);
        assertTrue(
            QemuTakeovers.names(watch.events("takeover").get(0)).contains("x-colo-lost-heartbeat"));
        System.out.printf(
            "colo-%s: verdict to running %.1f ms%n", role, QemuTakeovers.verdictToRunningMs(watch));
        requireLeft(machine, role);
      }
    }
  }

  private static void requireLeft(QemuMachine machine, String role) throws Exception {
    QmpValue status = machine.execute("query-colo-status");
    assertEquals("none", status.path("mode").asText());
    assertEquals(role, status.path("last-mode").asText());
    assertEquals("request", status.path("reason").asText());
    assertEquals("running", machine.status());
  }
}
