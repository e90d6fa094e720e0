package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.process.Cgroup;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What runs on a claim ends with its watch, however that ends. */
@Timeout(60)
class OrphanTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** SIGKILL comes 1 s after SIGTERM. The rest is for a busy machine to find all processes. */
  private static final Duration KILLED = Duration.ofSeconds(8);

  private static final List<String> WITHOUT_CGROUPS =
      List.of("unshare", "-m", "sh", "-c", "umount -l -a -t cgroup2; exec \"$@\"", "sh");

  /** JVMs with the same number in two namespaces would quarrel about a file in /tmp. */
  private static final List<String> IN_PID_NAMESPACE =
      List.of(
          "env",
          "JAVA_TOOL_OPTIONS=-XX:-UsePerfData",
          "unshare",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount-proc",
          "sh",
          "-c",
          "\"$@\" & wait; sleep 60",
          "sh");

  @RegisterExtension static final SharedEnsemble shared = new SharedEnsemble();

  @TempDir Path folder;
  private String id;
  private Runs runs;

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    runs = new Runs(folder);
  }

  @AfterEach
  void killTheRuns() throws IOException {
    runs.killAll();
  }

  /** Leaves a process in a session of its own, whose parent has ended, and ends. */
  private String leavesADaemon(String environment) {
    return environment + " setsid sh -c \"" + runs.stubborn().replace("$", "\\$") + "\" &";
  }

  /** The daemon has nothing by which it could be known but its group. */
  private String leavesAnUnmarkedDaemon() {
    return leavesADaemon("env -i PATH=\"$PATH\"");
  }

  private Guarded guarded() {
    return new Guarded(folder, shared.server().options(id));
  }

  private static void needCgroups() {
    Cgroup.make()
        .ifPresentOrElse(
            Cgroup::remove, () -> Needs.lack("no cgroup (v2) can be made: run this as root"));
  }

  /** Returns the only supervisor of a command, once there is one other than that. */
  private static ProcessHandle awaitSupervisor(Keepalive backup, long otherThan) throws Exception {
    Eventually.await(
        "a supervisor",
        LIMIT,
        () -> supervisor(backup).filter(is -> is.pid() != otherThan).isPresent());
    return supervisor(backup).orElseThrow();
  }

  private static Optional<ProcessHandle> supervisor(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream()
        .flatMap(ProcessHandle::children)
        .filter(child -> child.info().commandLine().orElse("").contains("supervisor"))
        .findFirst();
  }

  @Test
  void aKilledWatchLeavesNothingOfItsGroup() throws Exception {
    needCgroups();
    String command = leavesAnUnmarkedDaemon() + " " + runs.stubborn();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", command)) {
      source.failAll();
      runs.await(2);
      backup.kill();
      Eventually.await("the end of all", KILLED, () -> !runs.anyAlive());
      assertTrue(shared.server().isHeld(id)); // nobody else may run before that ends
    }
  }

  @Test
  void aKilledWatchLeavesItsCommandAMomentToEnd() throws Exception {
    String record = " >> " + runs.file();
    String command =
        "exec > /dev/null 2>&1; trap 'sleep 0.2; echo ended"
            + record
            + "; exit' TERM; echo begun"
            + record
            + "; while :; do sleep 0.05; done";
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", command)) {
      source.failAll();
      runs.await(1);
      backup.kill();
      assertEquals(List.of("begun", "ended"), runs.await(2));
    }
  }

  @Test
  void aKilledWatchLeavesNothingThatIsMarked() throws Exception {
    Needs.program("unshare");
    Guarded guarded = new Guarded(folder, shared.server().options(id), WITHOUT_CGROUPS);
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--on-failover", leavesADaemon(""))) {
      source.failAll();
      runs.await(1);
      backup.kill();
      Eventually.await("the end of all", KILLED, () -> !runs.anyAlive());
      assertTrue(shared.server().isHeld(id));
    }
  }

  /**
   * The namespace itself goes on. A process is known by its arguments: its number differs inside.
   */
  @Test
  void aKilledWatchLeavesNothingInItsNamespaceOfProcessNumbers() throws Exception {
    Needs.program("unshare");
    Path script =
        Files.writeString(folder.resolve("cmd"), "trap '' TERM\nwhile :; do sleep 0.1; done\n");
    Guarded guarded = new Guarded(folder, shared.server().options(id), IN_PID_NAMESPACE);
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--on-failover", "exec sh " + script)) {
      source.failAll();
      Eventually.await("CMD", LIMIT, () -> isRun(script, backup));
      ProcessHandle watch =
          descendants(backup)
              .filter(process -> process.info().command().orElse("").endsWith("/java"))
              .findFirst()
              .orElseThrow();
      watch.destroyForcibly();
      Eventually.await("the end of all", KILLED, () -> !isRun(script, backup));
      assertTrue(shared.server().isHeld(id));
    }
  }

  private static boolean isRun(Path script, Keepalive backup) {
    return descendants(backup).anyMatch(process -> runs(process, script));
  }

  private static boolean runs(ProcessHandle process, Path script) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return line.equals("sh\0" + script + "\0");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static Stream<ProcessHandle> descendants(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream().flatMap(ProcessHandle::descendants);
  }

  @Test
  void aKilledSourceLeavesNothingHoweverLongItsStopMayTake() throws Exception {
    try (Keepalive source =
        guarded().serve("--on-claim-won", leavesADaemon(""), "--stop-timeout", "60s")) {
      runs.await(1);
      source.kill();
      Eventually.await("the end of all", KILLED, () -> !runs.anyAlive());
      assertTrue(shared.server().isHeld(id));
    }
  }

  @Test
  void aSourceWithoutAFreeDescriptorStopsAllAtALossAndEnds() throws Exception {
    Needs.program("prlimit");
    try (Keepalive source =
        guarded().serve("--on-claim-won", leavesADaemon(""), "--stop-timeout", "1s")) {
      source.awaitEvent("listening");
      runs.await(1);
      String pid = Long.toString(source.pid());
      Process limit = new ProcessBuilder("prlimit", "--pid", pid, "--nofile=3:3").start();
      assertEquals(0, limit.waitFor());
      shared.server().deleteClaims(id);
      assertEquals(1, source.awaitEnd(), source::output);
      assertFalse(runs.anyAlive());
    }
  }

  @Test
  void aKilledSupervisorIsReplaced() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", runs.stubborn())) {
      source.failAll();
      runs.await(1);
      ProcessHandle first = awaitSupervisor(backup, 0);
      first.destroyForcibly();
      ProcessHandle second = awaitSupervisor(backup, first.pid());
      assertTrue(runs.anyAlive());
      backup.kill();
      Eventually.await("the end of all", KILLED, () -> !runs.anyAlive());
      Eventually.await("the supervisor's end", LIMIT, () -> !second.isAlive());
    }
  }

  @Test
  void aSignalEndsEvenWhatOnlyTheGroupKnows() throws Exception {
    needCgroups();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", leavesAnUnmarkedDaemon())) {
      source.failAll();
      runs.await(1);
      ProcessHandle supervisor = awaitSupervisor(backup, 0);
      backup.signal("TERM");
      Eventually.await("the release", KILLED, () -> !shared.server().isHeld(id));
      assertFalse(runs.anyAlive());
      Eventually.await("the supervisor's end", LIMIT, () -> !supervisor.isAlive());
    }
  }

  @Test
  void withoutAClaimTheCommandRunsOn() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = new Guarded(folder).watch(source, "--on-failover", runs.stubborn())) {
      source.failAll();
      String run = runs.await(1).get(0);
      backup.kill();
      Eventually.await("the end of watch", () -> ProcessHandle.of(backup.pid()).isEmpty());
      assertTrue(Runs.isAlive(run));
      assertTrue(supervisor(backup).isEmpty());
    }
  }
}
