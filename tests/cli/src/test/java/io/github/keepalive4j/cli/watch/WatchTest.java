package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backup, beside what it detects. */
class WatchTest {
  private static final Duration TERMINAL_LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void theCommandsOutputIsPassedThrough() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run(
                "watch", source.address(), "--on-failover", "echo to out; echo to err >&2")) {
      backup.awaitError("up");
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals("to out", backup.stdout().text());
      assertEquals(3, backup.stderr().all().size(), backup::output);
      assertTrue(backup.stderr().all().contains("to err"), backup::output);
      backup.awaitError("failover   " + source.address());
      assertFalse(backup.stderr().text().contains("\u001b"), backup::output);
    }
  }

  @Test
  void withJsonTheCommandsOutputGoesToStandardError() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run("watch", source.address(), "--json", "--on-failover", "echo out")) {
      backup.awaitEvent("up");
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals("out", backup.stderr().text());
      assertEquals(List.of("up", "failover"), backup.eventTypes());
    }
  }

  @Test
  void aFailedCommandExitsWithStatusThree() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run("watch", source.address(), "--json", "--on-failover", "exit 7")) {
      backup.awaitEvent("up");
      source.process().kill();
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "failover", "error"), backup.eventTypes());
      assertEquals(
          "the failover command exited with 7", backup.events("error").get(0).text("message"));
    }
  }

  @Test
  void aRearmedBackupWatchesTheSourceThatCameBack() throws Exception {
    Path ran = folder.resolve("ran");
    try (Sources.Listening first = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run(
                "watch",
                first.address(),
                "--json",
                "--rearm",
                "--on-failover",
                "echo $KEEPALIVE_CAUSE >> " + ran)) {
      backup.awaitEvent("up");
      first.process().kill();
      backup.awaitEvent("error"); // nobody there to reconnect to
      try (Sources.Listening second = Sources.onLoopback(first.port())) {
        backup.awaitEvent("up", 2);
        second.process().kill();
        backup.awaitEvent("failover", 2);
        backup.awaitEvent("error", 2);
      }
      assertEquals(
          List.of("up", "failover", "error", "up", "failover", "error"), backup.eventTypes());
      assertEquals(2, Files.readAllLines(ran).size());
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
    }
  }

  /** The other backup hears the goodbye but stays: so the source waits, and is reconnected to. */
  @Test
  void aRearmedBackupRunsNothingWhileTheSourceStandsDown() throws Exception {
    Path ran = folder.resolve("ran");
    int rounds = 4;
    try (Sources.Listening first = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run(
                "watch",
                first.address(),
                "--json",
                "--rearm",
                "--detect-within",
                "2s",
                "--connect-timeout",
                "500ms",
                "--on-failover",
                "echo $KEEPALIVE_CAUSE >> " + ran)) {
      backup.awaitEvent("up");
      standDown(first);
      for (int round = 2; round <= rounds; round++) {
        try (Sources.Listening next = Sources.onLoopback(first.port())) {
          backup.awaitEvent("up", round);
          standDown(next);
        }
      }
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      assertFalse(Files.exists(ran), backup::output);
      assertEquals(List.of(), backup.events("failover"), backup::output);
    }
  }

  private static void standDown(Sources.Listening source) throws Exception {
    try (Socket other = new Socket(InetAddress.getLoopbackAddress(), source.port())) {
      other.getOutputStream().write('Q');
      assertEquals('A', other.getInputStream().read());
      source.process().signal("TERM");
      assertEquals(128 + 15, source.process().awaitEnd());
    }
  }

  @Test
  void aViolationCausesNoFailoverAndTheBackupReconnects() throws Exception {
    try (ServerSocket source = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Keepalive backup = watch(source)) {
      try (Socket first = source.accept()) {
        backup.awaitEvent("up");
        first.getOutputStream().write('X');
        backup.awaitEvent("error");
      }
      try (Socket second = source.accept()) {
        backup.awaitEvent("up", 2);
        assertTrue(second.isConnected());
      }
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "error", "up", "failover"), backup.eventTypes());
      assertTrue(backup.events("error").get(0).text("message").contains("0x58"), backup::output);
    }
  }

  @Test
  void aSourceThatStandsDownCausesNoFailover() throws Exception {
    try (ServerSocket source = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Keepalive backup = watch(source);
        Socket link = source.accept()) {
      backup.awaitEvent("up");
      link.getOutputStream().write('G');
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "closed"), backup.eventTypes());
      assertEquals("LEFT", backup.events("closed").get(0).text("cause"));
    }
  }

  @Test
  void aSourceThatStandsDownIsTakenOverWithTheOption() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run(
                "watch",
                source.address(),
                "--json",
                "--detect-within",
                "2s",
                "--failover-when-left",
                "--on-failover",
                "exit 0")) {
      EventLine up = backup.awaitEvent("up");
      assertTrue(up.number("worstCaseMs") <= 2_000, backup::output);
      assertTrue(up.text("options").contains("probeInterval="), backup::output);
      source.process().signal("TERM");
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "failover"), backup.eventTypes());
      assertEquals("LEFT", backup.events("failover").get(0).text("cause"));
    }
  }

  @Test
  void aTerminatedSourceSaysGoodbyeToItsBackups() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.run("watch", source.address(), "--json", "--detect-within", "2s")) {
      backup.awaitEvent("up");
      source.process().awaitEvent("connected");
      source.process().signal("TERM");
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "closed"), backup.eventTypes());
      assertEquals(128 + 15, source.process().awaitEnd(), source.process()::output);
      assertEquals("", source.process().stderr().text());
    }
  }

  @Test
  void withoutTheShimItSaysWhyAndStillWatches() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.start(
                Jdk.java(),
                List.of("-Dkeepalive4j.library=/nope"),
                "watch",
                source.address(),
                "--json")) {
      backup.awaitEvent("up");
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "failover"), backup.eventTypes());
      assertEquals(1, backup.stderr().all().size(), backup::output);
      assertTrue(backup.stderr().text().contains("tried the file /nope"), backup::output);
    }
  }

  private static Keepalive watch(ServerSocket source) throws IOException {
    return Keepalive.run("watch", "127.0.0.1:" + source.getLocalPort(), "--json");
  }

  @Test
  void aTerminalHasAStatusLine() throws Exception {
    Needs.program("script");
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive terminal = Keepalive.start(onTerminal("watch", source.address()))) {
      String status = "up  " + source.address() + "  heard 0.";
      assertTrue(
          terminal.stdout().await(line -> line.contains(status), TERMINAL_LIMIT).isPresent(),
          terminal::output);
      assertTrue(terminal.stdout().text().contains("probes unanswered 0  rtt "));
      source.process().kill();
      assertEquals(0, terminal.awaitEnd(), terminal::output);
      List<String> lines = terminal.stdout().all();
      assertTrue(lines.get(lines.size() - 1).contains("failover"), terminal::output);
    }
  }

  @Test
  void aTerminalHasNoStatusLineWithJson() throws Exception {
    Needs.program("script");
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive terminal = Keepalive.start(onTerminal("watch", source.address(), "--json"))) {
      terminal.awaitEvent("up");
      source.process().kill();
      assertEquals(0, terminal.awaitEnd(), terminal::output);
      assertFalse(terminal.stdout().text().contains("\u001b"), terminal::output);
    }
  }

  private static List<String> onTerminal(String... arguments) {
    String command = String.join(" ", Keepalive.command(arguments));
    return List.of("env", "TERM=xterm", "script", "-qec", command, "/dev/null");
  }
}
