package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that stands for a QEMU's machine. */
@Timeout(120)
class QemuSourceTest {
  /** Less than a health check takes by default. */
  private static final Duration AT_ONCE = Duration.ofMillis(900);

  @TempDir Path folder;

  private QemuMachine start() throws Exception {
    return QemuMachine.start(folder, builder -> builder);
  }

  private static Keepalive watch(Sources.Listening source) throws Exception {
    Keepalive backup =
        Keepalive.run("watch", source.address(), "--json", "--detect-within", "2s", "--rearm");
    backup.awaitEvent("up");
    return backup;
  }

  @Test
  void theEndOfQemuOrOfItsMachineIsToldAtOnce() throws Exception {
    QemuMachine first = start();
    try (Sources.Listening source = serve(first.qmp());
        Keepalive backup = watch(source)) {
      long killedNs = System.nanoTime();
      first.kill();
      requireEnd(source, backup, 1, "no QEMU at " + first.qmp());
      long verdictNs = backup.awaitEvent("failover").number("verdictNs");
      assertTrue(verdictNs - killedNs < AT_ONCE.toNanos(), backup::output);
      first.close(); // it would take the second's other socket
      try (QemuMachine second = start()) {
        source.process().awaitEvent("listening", 2);
        backup.awaitEvent("up", 2);
        second.signal("TERM"); // QEMU shuts the machine down
        requireEnd(source, backup, 2, "the machine of " + second.qmp() + " has shut down");
      }
    } finally {
      first.close();
    }
  }

  @Test
  void aGuestThatPanicsIsToldAtOnce() throws Exception {
    Path disk = folder.resolve("disk");
    Files.write(disk, panickingGuest());
    String[] arguments = {
      "-device", "pvpanic", "-boot", "c", "-snapshot", "-drive", "format=raw,if=ide,file=" + disk
    };
    UnaryOperator<QemuProcess.Builder> settings =
        builder -> builder.paused().arguments("-action", "panic=pause").arguments(arguments);
    try (QemuMachine machine = QemuMachine.start(folder, settings);
        Sources.Listening source = serve(machine.qmp());
        Keepalive backup = watch(source)) {
      machine.execute("cont");
      requireEnd(source, backup, 1, "the guest of " + machine.qmp() + " has panicked");
    }
  }

  /** Returns a boot sector that tells the device pvpanic of a panic. */
  private static byte[] panickingGuest() {
    int[] code = {
      0xBA,
      0x05,
      0x05, // mov dx, 0x505
      0xB0,
      0x01, // mov al, 1
      0xEE, // out dx, al
      0xF4, // hlt
      0xEB,
      0xFD // jmp to hlt
    };
    byte[] sector = new byte[512];
    for (int i = 0; i < code.length; i++) {
      sector[i] = (byte) code[i];
    }
    sector[510] = 0x55;
    sector[511] = (byte) 0xAA;
    return sector;
  }

  private static Sources.Listening serve(String qmp) throws Exception {
    return Sources.listening(
        Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--qmp", qmp));
  }

  private static void requireEnd(
      Sources.Listening source, Keepalive backup, int number, String reason) throws Exception {
    EventLine failover = backup.awaitEvent("failover", number);
    assertEquals("WORKLOAD_ENDED", failover.text("cause"));
    assertEquals(reason, source.process().awaitEvent("workload-ended", number).text("reason"));
  }
}
