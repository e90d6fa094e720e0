package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process of {@code --on-failover} waits for the failover. */
class ArmedCommandTest {
  /** In the arguments of the process that waits, and in no other. */
  private static final String NAME = "armed-" + ProcessHandle.current().pid();

  @TempDir Path folder;

  /** Returns a command that writes what the shell's words come to. */
  private String writes(String words) {
    return ": " + NAME + "; echo " + words + " >> " + ran();
  }

  private Path ran() {
    return folder.resolve("ran");
  }

  private static Keepalive watch(Sources.Listening source, String command, String... more)
      throws Exception {
    String[] basic = {"watch", source.address(), "--json", "--on-failover", command};
    String[] all = new String[basic.length + more.length];
    System.arraycopy(basic, 0, all, 0, basic.length);
    System.arraycopy(more, 0, all, basic.length, more.length);
    Keepalive backup = Keepalive.run(all);
    backup.awaitEvent("up");
    return backup;
  }

  private static ProcessHandle awaitArmed(Keepalive backup) throws Exception {
    Eventually.await("a process that waits", () -> armed(backup).isPresent());
    return armed(backup).orElseThrow();
  }

  /** Returns the process once it has opened descriptor 3, where it waits. */
  private static Optional<ProcessHandle> armed(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(ArmedCommandTest::hasName)
        .filter(ArmedCommandTest::isReading)
        .findFirst();
  }

  /** Its loader has other files open as descriptor 3 before. */
  private static boolean isReading(ProcessHandle process) {
    try {
      Path three = Path.of("/proc/" + process.pid() + "/fd/3");
      return Files.readSymbolicLink(three).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false; // not open yet
    }
  }

  private static boolean hasName(ProcessHandle process) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return line.startsWith("sh") && line.contains(NAME);
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  @Test
  void theProcessThatWaitedBecomesTheCommand() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("$$"))) {
      ProcessHandle armed = awaitArmed(backup);
      assertFalse(Files.exists(ran()));
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of(Long.toString(armed.pid())), Files.readAllLines(ran()));
    }
  }

  /** A backup with a journal takes it for logrotate's, and all processes of a unit may get it. */
  @Test
  void aHangupEndsNoProcessThatWaits() throws Exception {
    String ignored = "$((0x$(grep SigIgn: /proc/$$/status | tail -c 2) & 1))"; // SIGHUP
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("$$ " + ignored))) {
      ProcessHandle armed = awaitArmed(backup);
      new ProcessBuilder("kill", "-HUP", Long.toString(armed.pid())).start().waitFor();
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      String inherited = isHangupIgnoredHere() ? " 1" : " 0";
      assertEquals(List.of(armed.pid() + inherited), Files.readAllLines(ran()));
    }
  }

  /** As after Ctrl-Z, which stops both, and a SIGCONT to the backup alone. */
  @Test
  void aStoppedProcessGoesOnAtTheFailover() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("$$"))) {
      ProcessHandle armed = awaitArmed(backup);
      new ProcessBuilder("kill", "-STOP", Long.toString(armed.pid())).start().waitFor();
      Eventually.await(
          "its stop",
          () -> Files.readString(Path.of("/proc/" + armed.pid() + "/stat")).contains(") T "));
      source.process().kill();
      Eventually.await("the command", () -> Files.exists(ran()));
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of(Long.toString(armed.pid())), Files.readAllLines(ran()));
    }
  }

  /** Under nohup, all that these tests start ignores it. */
  private static boolean isHangupIgnoredHere() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Character.digit(line.charAt(line.length() - 1), 16) & 1) != 0);
  }

  @Test
  void theCommandFindsWhatItWouldFindIfItHadBeenStartedNow() throws Exception {
    String quoted = "\"$0|$#|$KEEPALIVE_CAUSE|$KEEPALIVE_PEER|${KEEPALIVE4J_ENVIRONMENT-unset}\"";
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes(quoted) + "; ls /proc/self/fd >> " + ran())) {
      awaitArmed(backup);
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      List<String> lines = Files.readAllLines(ran());
      assertEquals(
          "sh|0|RESET|" + source.address() + "|unset", lines.get(0).replace("CLOSED", "RESET"));
      assertEquals(List.of("0", "1", "2", "3"), lines.subList(1, lines.size())); // ls opens one
    }
  }

  @Test
  void aCommandInSeveralLinesWithQuotesRuns() throws Exception {
    String command =
        "# " + NAME + "'s \"quotes\"\nfor i in 1 2; do\n  echo \"$i\" >> " + ran() + "\ndone";
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, command)) {
      awaitArmed(backup);
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("1", "2"), Files.readAllLines(ran()));
    }
  }

  @Test
  void aCommandThatCantBeParsedFails() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, ": " + NAME + "; if")) {
      awaitArmed(backup);
      source.process().kill();
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertEquals(
          "the failover command exited with 2", backup.events("error").get(0).text("message"));
    }
  }

  @Test
  void aKilledBackupTakesTheProcessThatWaitsWithIt() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("ran"))) {
      ProcessHandle armed = awaitArmed(backup);
      backup.kill();
      Eventually.await("its end", () -> !armed.isAlive());
      source.process().kill();
      assertFalse(Files.exists(ran()));
    }
  }

  @Test
  void aBackupThatIsAskedToEndLeavesNoProcess() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("ran"))) {
      ProcessHandle armed = awaitArmed(backup);
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      Eventually.await("its end", () -> !armed.isAlive());
      assertFalse(Files.exists(ran()));
    }
  }

  @Test
  void theCommandRunsAlthoughTheProcessThatWaitedIsGone() throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, writes("ran"))) {
      ProcessHandle armed = awaitArmed(backup);
      assertTrue(armed.destroyForcibly());
      Eventually.await("its end", () -> !armed.isAlive());
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("ran"), Files.readAllLines(ran()));
    }
  }

  @Test
  void anotherProcessWaitsForTheNextFailover() throws Exception {
    try (Sources.Listening first = Sources.onLoopback();
        Keepalive backup = watch(first, writes("$$"), "--rearm")) {
      awaitArmed(backup);
      first.process().kill();
      backup.awaitEvent("error"); // nobody there to reconnect to
      try (Sources.Listening second = Sources.onLoopback(first.port())) {
        backup.awaitEvent("up", 2);
        ProcessHandle armed = awaitArmed(backup);
        second.process().kill();
        backup.awaitEvent("failover", 2);
        Eventually.await("both", () -> Files.readAllLines(ran()).size() == 2);
        assertEquals(Long.toString(armed.pid()), Files.readAllLines(ran()).get(1));
      }
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
    }
  }

  /** Starts a backup below a program that makes a namespace of process numbers. */
  private Keepalive watchInNamespace(Sources.Listening source, List<String> program)
      throws Exception {
    Needs.program("unshare");
    String[] watch = {"watch", source.address(), "--json", "--on-failover", writes("$$")};
    List<String> command = new ArrayList<>(List.of("unshare", "--pid", "--fork", "--kill-child"));
    command.addAll(program);
    List<String> options = List.of("-XX:-UsePerfData"); // else two JVMs numbered 2 share a file
    command.addAll(Keepalive.command(Jdk.java(), options, watch));
    Keepalive backup = Keepalive.start(command);
    backup.awaitEvent("up");
    return backup;
  }

  /** With its own /proc, and with that of the namespace around it. */
  @ParameterizedTest
  @ValueSource(strings = {"--mount-proc", "--mount"})
  @RequiresLab
  void inANamespaceOfProcessNumbersItBecomesTheCommand(String proc) throws Exception {
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watchInNamespace(source, List.of(proc))) {
      ProcessHandle armed = awaitArmed(backup);
      String inside =
          Files.readAllLines(Path.of("/proc/" + armed.pid() + "/status")).stream()
              .filter(line -> line.startsWith("NSpid:"))
              .map(line -> line.substring(line.lastIndexOf('\t') + 1))
              .findFirst()
              .orElseThrow();
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of(inside), Files.readAllLines(ran()));
    }
  }

  /** The namespace itself goes on, so nothing but its own end ends the process. */
  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  @RequiresLab
  void inANamespaceOfProcessNumbersItEndsWithItsWatch(String signal) throws Exception {
    List<String> program = List.of("--mount-proc", "sh", "-c", "\"$@\" & wait; sleep 60", "sh");
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watchInNamespace(source, program)) {
      ProcessHandle armed = awaitArmed(backup);
      ProcessHandle watch = armed.parent().orElseThrow();
      new ProcessBuilder("kill", "-" + signal, Long.toString(watch.pid())).start().waitFor();
      Eventually.await("its end", () -> !armed.isAlive());
      assertFalse(Files.exists(ran()));
    }
  }
}
