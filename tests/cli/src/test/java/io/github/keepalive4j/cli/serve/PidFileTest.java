package io.github.keepalive4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that stands for the process that a file names. */
@Timeout(120)
class PidFileTest {
  /** Less than a health check takes by default. */
  private static final Duration AT_ONCE = Duration.ofMillis(900);

  private static final Duration QUIET = Duration.ofMillis(700);

  @TempDir Path folder;

  private final List<Process> workloads = new ArrayList<>();

  @AfterEach
  void killTheWorkloads() {
    workloads.forEach(Process::destroyForcibly);
  }

  private Path file() {
    return folder.resolve("run").resolve("vm.pid");
  }

  private Process startWorkload() throws IOException {
    Process workload = new ProcessBuilder("sleep", "1000").start();
    workloads.add(workload);
    return workload;
  }

  /** Puts another file into its place, as careful programs do. */
  private void name(Process workload) throws IOException {
    Path fresh = Files.writeString(folder.resolve("fresh"), workload.pid() + "\n");
    Files.move(fresh, file(), StandardCopyOption.REPLACE_EXISTING);
  }

  private Process startNamed() throws IOException {
    Process workload = startWorkload();
    name(workload);
    return workload;
  }

  private String[] serveArguments() {
    String pidFile = file().toString();
    return new String[] {
      "serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--pid-file", pidFile
    };
  }

  private Keepalive serve() throws IOException {
    return Keepalive.run(serveArguments());
  }

  private Sources.Listening listening() throws Exception {
    return Sources.listening(serve());
  }

  /** Starts a backup that watches on after a failover. */
  private static Keepalive watch(Sources.Listening source, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("watch", source.address(), "--json", "--rearm"));
    arguments.addAll(List.of(options));
    Keepalive backup = Keepalive.run(arguments.toArray(String[]::new));
    backup.awaitEvent("up");
    return backup;
  }

  private static void kill(Process workload) throws InterruptedException {
    workload.destroyForcibly().waitFor();
  }

  private static String awaitWaiting(Keepalive source, String part) throws Exception {
    Eventually.await(
        part,
        Duration.ofSeconds(60), // its JVM has just been started
        () -> source.events("waiting").stream().anyMatch(e -> e.text("reason").contains(part)));
    return part;
  }

  @Test
  void backupsTakeOverAtOnceAndWatchTheNextWorkload() throws Exception {
    Path told = folder.resolve("told");
    Files.createDirectory(file().getParent());
    Process workload = startNamed();
    try (Sources.Listening source = listening();
        Keepalive probing =
            watch(
                source,
                "--detect-within",
                "2s",
                "--on-failover",
                "echo $KEEPALIVE_CAUSE > " + told);
        Keepalive original = watch(source)) {
      long killedNs = System.nanoTime();
      kill(workload);
      EventLine failover = probing.awaitEvent("failover");
      assertEquals("WORKLOAD_ENDED", failover.text("cause"));
      assertTrue(failover.number("verdictNs") - killedNs < AT_ONCE.toNanos(), probing::output);
      assertEquals("CLOSED", original.awaitEvent("failover").text("cause"));
      Eventually.await("CMD", () -> Files.exists(told) && Files.size(told) > 0);
      assertEquals("WORKLOAD_ENDED\n", Files.readString(told));
      String ended = "process " + workload.pid() + " of " + file() + " has ended";
      assertEquals(ended, source.process().awaitEvent("workload-ended").text("reason"));
      awaitWaiting(source.process(), ended);
      assertEquals(1, probing.events("up").size(), "nobody listens meanwhile");

      startNamed();
      assertEquals(source.address(), source.process().awaitEvent("listening", 2).text("peer"));
      probing.awaitEvent("up", 2);
      original.awaitEvent("up", 2);
      source.process().signal("TERM");
      assertEquals(128 + 15, source.process().awaitEnd(), source.process()::output);
      assertEquals("LEFT", probing.awaitEvent("closed").text("cause"));
    }
  }

  @Test
  void changesOfTheFileAreNoEndWhileTheProcessLives() throws Exception {
    try (Keepalive serve = serve()) {
      awaitWaiting(serve, file() + " doesn't exist"); // nor does its folder
      Files.createDirectory(file().getParent());
      Files.createFile(file());
      awaitWaiting(serve, file() + " is empty");
      Process first = startWorkload();
      Files.writeString(file(), first.pid() + "\nmore lines, as PostgreSQL writes\n");
      Sources.Listening source = Sources.listening(serve);
      try (Keepalive backup = watch(source, "--detect-within", "2s")) {
        Files.writeString(file(), "");
        Files.writeString(file(), "rubbish");
        Files.writeString(file(), "-" + first.pid());
        Files.delete(file());
        Process second = startNamed();
        kill(first); // the second goes on in its place
        backup.requireNone(event -> event.type().equals("failover"), QUIET);
        Files.delete(file());
        kill(second);
        assertEquals("WORKLOAD_ENDED", backup.awaitEvent("failover").text("cause"));
      }
      assertEquals(1, serve.events("listening").size(), serve::output);
    }
  }

  @Test
  void aNumberFromBeforeIsNotTakenForTheWorkload() throws Exception {
    Files.createDirectory(file().getParent());
    Process gone = startNamed();
    kill(gone);
    try (Keepalive serve = serve()) {
      awaitWaiting(serve, "process " + gone.pid() + " of " + file() + " has ended");
      Process other = startWorkload(); // it has the number of one that died before
      Instant began = other.info().startInstant().orElseThrow(); // to 1 s
      Path old = Files.writeString(folder.resolve("old"), other.pid() + "\n");
      Files.setLastModifiedTime(old, FileTime.from(began.minusSeconds(4)));
      Files.move(old, file(), StandardCopyOption.REPLACE_EXISTING);
      awaitWaiting(serve, "process " + other.pid() + " began after " + file() + " was written");
      name(other);
      serve.awaitEvent("listening");
    }
  }

  @Test
  void aRestartedWorkloadIsNoFailoverIfTheBackupConfirms() throws Exception {
    Files.createDirectory(file().getParent());
    Process workload = startNamed();
    try (Sources.Listening source = listening();
        Keepalive probing = watch(source, "--detect-within", "2s", "--confirm", "30s");
        Keepalive original = watch(source, "--confirm", "30s")) {
      kill(workload);
      source.process().awaitEvent("workload-ended");
      startNamed();
      assertEquals("WORKLOAD_ENDED", probing.awaitEvent("confirmed").text("cause"));
      assertEquals("CLOSED", original.awaitEvent("confirmed").text("cause"));
    }
  }

  /** The lease holds up whoever opens the file, as a disk that hangs does. */
  private Process holdUp() throws IOException {
    String lease =
        "$SIG{IO} = 'IGNORE'; $| = 1; open F, '>>', $ARGV[0] or die; fcntl F, 1024, 1 or die $!;"
            + " print \"held\\n\"; <STDIN>";
    Process holder = new ProcessBuilder("perl", "-e", lease, file().toString()).start();
    workloads.add(holder);
    assertEquals("held", holder.inputReader().readLine());
    return holder;
  }

  @Test
  void aFileOnADiskThatHangsHidesNoEnd() throws Exception {
    Needs.program("perl");
    Files.createDirectory(file().getParent());
    Process workload = startNamed();
    try (Sources.Listening source = listening();
        Keepalive backup = watch(source, "--detect-within", "2s")) {
      Process holder = holdUp();
      long killedNs = System.nanoTime();
      kill(workload);
      EventLine failover = backup.awaitEvent("failover");
      assertEquals("WORKLOAD_ENDED", failover.text("cause"));
      assertTrue(failover.number("verdictNs") - killedNs < AT_ONCE.toNanos(), backup::output);
      awaitWaiting(source.process(), file() + " isn't read within 100 ms: its disk hangs");
      kill(holder);
      startNamed();
      source.process().awaitEvent("listening", 2);
    }
  }

  @Test
  void theReasonWhyAFileNamesNoProcessIsReported() throws Exception {
    Files.createDirectory(file().getParent());
    long thread;
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      thread =
          threads
              .mapToLong(path -> Long.parseLong(path.getFileName().toString()))
              .filter(number -> number != ProcessHandle.current().pid())
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(file(), thread + "\n");
    try (Keepalive serve = serve()) {
      awaitWaiting(serve, "process " + thread + " of " + file() + " has ended");
      Files.delete(file());
      Files.createSymbolicLink(file(), file());
      awaitWaiting(serve, file() + " can't be read: Too many levels of symbolic links");
      Files.delete(file());
      Files.delete(file().getParent());
      Files.createFile(file().getParent());
      awaitWaiting(serve, file() + " can't be read: Not a directory");
    }
  }

  /** As LXC shows it. */
  @Test
  @RequiresLab
  void aContainersOwnUptimeMakesNoProcessYounger() throws Exception {
    Needs.program("unshare");
    Files.createDirectory(file().getParent());
    startNamed();
    Path uptime = Files.writeString(folder.resolve("uptime"), "1.00 1.00\n");
    List<String> command = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
    command.add("mount --bind " + uptime + " /proc/uptime && exec \"$@\"");
    command.add("sh");
    command.addAll(Keepalive.command(serveArguments()));
    try (Keepalive serve = Keepalive.start(command)) {
      serve.awaitEvent("listening");
    }
  }
}
