package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that take over from a host that is cut off silently. */
class QemuFailoverTest {
  /** From the verdict until QEMU says that the machine runs. */
  private static final Duration RUNNING = Duration.ofMillis(50);

  private static final Duration RUNNING_ON_A_BUSY_MACHINE = Duration.ofSeconds(1);

  @TempDir Path folder;

  @Test
  void aPausedMachineTakesOverAfterTheOriginalsSixSeconds() throws Exception {
    BestOfFive.requireWithin(RUNNING, () -> cutOff(List.of()));
  }

  @Test
  void aPausedMachineTakesOverAfterFiftyMilliseconds() throws Exception {
    BestOfFive.requireWithin(RUNNING, () -> cutOff(List.of("--detect-within", "50ms")));
  }

  /** Returns the time from the verdict until the machine runs. */
  private Duration cutOff(List<String> options) throws Exception {
    Path own = Files.createTempDirectory(folder, "run");
    try (Lab lab = Needs.openLab();
        QemuMachine machine = QemuMachine.on(lab.backup(), own, QemuProcess.Builder::paused);
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup = watch(lab, source, machine, options)) {
      assertEquals("prelaunch", machine.status());
      try (Fault cut = lab.source().drop()) {
        assertEquals(0, backup.awaitEnd(), backup::output);
        QemuTakeovers.requireOrder(backup, cut);
      }
      assertEquals("running", machine.status());
      QemuTakeovers.requireSteps(backup, "query-status", "cont", "query-status");
      System.out.printf(
          "watch --qmp %s: verdict to running %.1f ms%n",
          options, QemuTakeovers.verdictToRunningMs(backup));
      Duration running = QemuTakeovers.verdictToRunning(backup);
      assertTrue(running.compareTo(RUNNING_ON_A_BUSY_MACHINE) < 0, running::toString);
      machine.awaitCount(3);
      machine.requireOneStart();
      return running;
    }
  }

  @Test
  void aMigratedGuestContinuesCounting() throws Exception {
    try (Lab lab = Needs.openLab();
        QemuMachine machine =
            QemuMachine.on(
                lab.backup(),
                folder,
                builder -> QemuMachine.awaitingMigration().apply(builder.paused()));
        QemuMachine original = QemuMachine.on(lab.source(), folder, builder -> builder)) {
      original.awaitCount(10);
      original.migrateTo(machine, lab.backup());
      long atMigration = original.count();
      try (Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
          Keepalive backup = watch(lab, source, machine, List.of("--detect-within", "200ms"));
          Fault cut = lab.source().drop()) {
        assertEquals(0, backup.awaitEnd(), backup::output);
        QemuTakeovers.requireOrder(backup, cut);
        machine.awaitCount(atMigration + 5);
        long first = machine.firstCount();
        assertTrue(
            first > atMigration && first <= atMigration + 2,
            "the source counted to " + atMigration + ", the backup from " + first);
        assertFalse(backup.events("takeover").get(0).json().get("alreadyDone").booleanValue());
        machine.requireOneStart();
      }
    }
  }

  private static Keepalive watch(
      Lab lab, Sources.Listening source, QemuMachine machine, List<String> options)
      throws Exception {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--qmp", machine.qmp()));
    Keepalive backup =
        QemuTakeovers.watch(lab.backup(), source.address(), arguments.toArray(String[]::new));
    backup.awaitEvent("up");
    backup.awaitEvent("connected");
    return backup;
  }
}
