package io.github.keepalive4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.guard.ClaimServer;
import io.github.keepalive4j.cli.qemu.QemuMachine;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Fifo;
import io.github.keepalive4j.support.FreezableDisk;
import io.github.keepalive4j.support.UnusedAddress;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would fail at a failover, found without harm. */
@Timeout(60)
class FailoverCheckTest {
  @TempDir private Path folder;

  private static Keepalive doctor(List<String> first, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("doctor"));
    arguments.addAll(first);
    arguments.addAll(List.of(more));
    return Keepalive.run(arguments.toArray(String[]::new));
  }

  private static void requireLine(String pattern, Keepalive doctor) {
    assertTrue(
        doctor.stdout().all().stream().anyMatch(line -> line.matches(pattern)),
        () -> "no " + pattern + ": " + doctor.output());
  }

  private static Set<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void aSoundBackupPassesAndNothingIsTouched() throws Exception {
    Path journals = Files.createDirectory(folder.resolve("journals"));
    try (ClaimServer ensemble = ClaimServer.start();
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        Journal journal = Journal.open(journals.resolve("journal"));
        Keepalive doctor =
            doctor(
                ensemble.options("vm1"),
                "--qmp",
                machine.qmp(),
                "--fence",
                "touch " + journals.resolve("fenced"),
                "--on-failover",
                "touch " + journals.resolve("ran"),
                "--journal",
                journals.resolve("journal").toString(),
                "--journal-timeout",
                "30s")) {
      assertEquals(0, doctor.awaitEnd(), doctor::output);
      requireLine("zookeeper +armed: a claim would be granted", doctor);
      requireLine("  server +127\\.0\\.0\\.1:\\d+ takes connections, after \\d{1,4} ms", doctor);
      requireLine("  session +warning: session timeout 30000 ms agreed, not the 6000 ms.*", doctor);
      requireLine("  claim +can be won, and would make /keepalive4j, .*", doctor);
      requireLine("qmp +QEMU \\d+\\.\\d+\\.\\d+", doctor);
      requireLine("  status +(paused|prelaunch)", doctor);
      requireLine("  action +cont would go on with cont", doctor);
      requireLine("fence +sh can parse it and find /.*/touch", doctor);
      requireLine("on-failover +sh can parse it and find /.*/touch", doctor);
      requireLine("journal +a line takes \\d{1,4}\\.\\d ms, within the 30000 ms .*", doctor);
      requireLine("at a failover +nothing that was tried would fail", doctor);
      assertEquals(Set.of("journal", "journal.lock"), namesIn(journals));
      assertEquals(1, Files.readAllLines(journals.resolve("journal")).size());
      assertTrue(List.of("paused", "prelaunch").contains(machine.status()), machine.status());
      assertFalse(journal.instance().isEmpty());
    }
  }

  @Test
  void eachFailureIsNamed() throws Exception {
    String server = UnusedAddress.text();
    try (Keepalive doctor =
        doctor(
            List.of("--json", "--zookeeper", server, "--source-id", "vm1"),
            "--qmp",
            folder.resolve("none").toString(),
            "--fence",
            "if true",
            "--on-failover",
            "no-such-program --now",
            "--journal",
            folder.resolve("none/journal").toString())) {
      assertEquals(1, doctor.awaitEnd(), doctor::output);
      requireFailure(doctor, server, "zookeeper", "not armed: no session .*");
      requireFailure(doctor, folder.resolve("none").toString(), "qmp", "cannot connect to .*");
      requireFailure(doctor, "if true", "fence", "sh can't parse it: .*");
      requireFailure(
          doctor,
          "no-such-program --now",
          "on-failover",
          "no-such-program is not found in PATH=.*");
      requireFailure(
          doctor, folder.resolve("none/journal").toString(), "journal", "there is no folder .*");
      requireFailure(
          doctor,
          "",
          "at a failover",
          "would fail, for zookeeper, qmp, fence, on-failover, journal");
    }
  }

  private static void requireFailure(
      Keepalive doctor, String subject, String check, String detail) {
    EventLine found =
        doctor.events("check").stream()
            .filter(event -> event.text("check").equals(check))
            .findFirst()
            .orElseThrow(() -> new AssertionError(doctor.output()));
    assertEquals(subject, found.text("peer"));
    assertEquals("failed", found.text("outcome"));
    assertTrue(found.text("detail").matches(detail), found.text("detail"));
  }

  /** The process ends although the disk is still frozen. */
  @Test
  void aCheckThatHangsIsReportedAndNotWaitedFor() throws Exception {
    try (FreezableDisk disk = FreezableDisk.open();
        ServerSocket ensemble = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused)) {
      machine.signal("STOP");
      disk.freeze();
      long startNs = System.nanoTime();
      try (Keepalive doctor =
          doctor(
              List.of("--zookeeper", "127.0.0.1:" + ensemble.getLocalPort(), "--source-id", "vm1"),
              "--qmp",
              machine.qmp(),
              "--journal",
              disk.resolve("journal").toString())) {
        assertEquals(1, doctor.awaitEnd(), doctor::output);
        Duration took = Duration.ofNanos(System.nanoTime() - startNs);
        assertTrue(took.toSeconds() < 40, took + doctor.output());
        // the check's own limit is 8 s, but on a busy machine it starts late
        requireLine(
            "zookeeper +failed: (not armed: no session on the ensemble .*|gave no answer within 10 s)",
            doctor);
        requireLine("qmp +failed: .* gave no answer .*: QEMU serves one at a time", doctor);
        requireLine("journal +failed: gave no answer within 10 s", doctor);
      } finally {
        disk.thaw();
        machine.signal("CONT");
      }
      Eventually.await(
          "the end of the scratch file",
          () -> namesIn(disk.resolve("journal").getParent()).equals(Set.of("lost+found")));
    }
  }

  @Test
  void aJournalThatIsNoRegularFileIsAFailure() throws Exception {
    Path fifo = Fifo.make(folder.resolve("fifo"));
    for (Path journal : List.of(fifo, folder, Path.of("/dev/null"))) {
      List<Finding> findings = new ArrayList<>();
      new JournalCheck(journal, Duration.ofSeconds(30)).run(findings::add);
      assertEquals(Finding.Outcome.FAILED, findings.get(0).outcome(), findings.toString());
      assertEquals(journal + " is no regular file", findings.get(0).detail());
    }
  }

  @Test
  void anActionThatQemuWouldRefuseNowIsAFailure() throws Exception {
    try (QemuMachine machine =
            QemuMachine.start(folder, builder -> builder.arguments("-incoming", "defer"));
        Keepalive doctor = doctor(List.of("--qmp", machine.qmp()))) {
      assertEquals(1, doctor.awaitEnd(), doctor::output);
      requireLine("  status +inmigrate", doctor);
      requireLine("  action +failed: cont failed .*inmigrate.*", doctor);
      requireLine("at a failover +failed: would fail, for qmp", doctor);
    }
  }

  @Test
  void aMachineThatCannotStartIsAFailure() throws Exception {
    try (QemuMachine machine =
        QemuMachine.start(folder, builder -> builder.arguments("-no-reboot", "-no-shutdown"))) {
      machine.execute("system_reset");
      machine.awaitStatus("shutdown");
      try (Keepalive doctor = doctor(List.of("--qmp", machine.qmp()))) {
        assertEquals(1, doctor.awaitEnd(), doctor::output);
        requireLine("  status +failed: shutdown, from which only a reset leads", doctor);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true,                        OK,     sh can parse it and find true",
    "A=b C=/d exec true,          OK,     sh can parse it and find exec",
    "'test -z \"$KEEPALIVE_LOCAL\"', OK,  sh can parse it and find test",
    "'[ -e /x ] && reboot',       OK,     sh can parse it and find [",
    "$FENCE now,                  OK,     sh can parse it; its program isn't looked up",
    "'(cd / && reboot)',          OK,     sh can parse it; its program isn't looked up",
    "no-such-program;true,        FAILED, no-such-program is not found in PATH=",
    "/bin/sh -c true,             OK,     sh can parse it and find /bin/sh",
    "/etc/passwd,                 FAILED, /etc/passwd is no program that this user may run",
    "/etc,                        FAILED, /etc is no program that this user may run",
    "'true \"',                   FAILED, sh can't parse it: ",
  })
  void aFenceIsParsedAndLookedUp(String command, Finding.Outcome outcome, String detail)
      throws Exception {
    List<Finding> findings = new ArrayList<>();
    new ShellCheck("fence", command).run(findings::add);
    assertEquals(1, findings.size());
    assertEquals(outcome, findings.get(0).outcome(), findings.toString());
    assertTrue(findings.get(0).detail().startsWith(detail), findings.toString());
  }
}
