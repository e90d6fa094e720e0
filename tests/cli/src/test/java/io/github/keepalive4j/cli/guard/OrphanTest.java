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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What runs on a claim ends with its watch, however that ends. */
@Timeout(60)
class OrphanTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final List<String> WITHOUT_CGROUPS =
      List.of("unshare", "-m", "sh", "-c", "umount -l -a -t cgroup2; exec \"$@\"", "sh");

  private static ClaimServer ensemble;

  @TempDir Path folder;
  private String id;

  @BeforeAll
  static void startEnsemble() throws Exception {
    ensemble = ClaimServer.start();
  }

  @AfterAll
  static void stopEnsemble() throws Exception {
    ensemble.close();
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void killTheRuns() throws IOException {
    for (String run : runs()) {
      processOf(run).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path ran() {
    return folder.resolve("ran");
  }

  private List<String> runs() throws IOException {
    return Files.exists(ran()) ? Files.readAllLines(ran()) : List.of();
  }

  private List<String> awaitRuns(int number) throws Exception {
    Eventually.await(number + " runs", LIMIT, () -> runs().size() >= number);
    return runs();
  }

  private static Optional<ProcessHandle> processOf(String run) {
    return ProcessHandle.of(Long.parseLong(run));
  }

  /** A process that has ended but isn't reaped has no program any more. */
  private static boolean isAlive(String run) {
    return processOf(run).flatMap(process -> process.info().command()).isPresent();
  }

  private boolean anyRuns() throws IOException {
    return runs().stream().anyMatch(OrphanTest::isAlive);
  }

  /** Tells its number and stays, whatever it is asked. */
  private String stubborn() {
    return "exec > /dev/null 2>&1; trap '' TERM; echo $$ >> "
        + ran()
        + "; while :; do sleep 1; done";
  }

  /** Leaves a process in a session of its own, whose parent has ended, and ends. */
  private String leavesADaemon(String environment) {
    return environment + " setsid sh -c \"" + stubborn().replace("$", "\\$") + "\" &";
  }

  /** The daemon has nothing by which it could be known but its group. */
  private String leavesAnUnmarkedDaemon() {
    return leavesADaemon("env -i PATH=\"$PATH\"");
  }

  private Guarded guarded() {
    return new Guarded(folder, ensemble.options(id));
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
    String command = leavesAnUnmarkedDaemon() + " " + stubborn();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", command)) {
      source.failAll();
      awaitRuns(2);
      backup.kill();
      Eventually.await("the end of all", LIMIT, () -> !anyRuns());
      assertTrue(ensemble.isHeld(id)); // nobody else may run before that ends
    }
  }

  @Test
  void aKilledWatchLeavesNothingThatIsMarked() throws Exception {
    Needs.program("unshare");
    Guarded guarded = new Guarded(folder, ensemble.options(id), WITHOUT_CGROUPS);
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--on-failover", leavesADaemon(""))) {
      source.failAll();
      awaitRuns(1);
      backup.kill();
      Eventually.await("the end of all", LIMIT, () -> !anyRuns());
      assertTrue(ensemble.isHeld(id));
    }
  }

  @Test
  void aKilledSourceLeavesNothingHoweverLongItsStopMayTake() throws Exception {
    try (Keepalive source =
        guarded().serve("--on-claim-won", leavesADaemon(""), "--stop-timeout", "60s")) {
      awaitRuns(1);
      source.kill();
      Eventually.await("the end of all", LIMIT, () -> !anyRuns());
      assertTrue(ensemble.isHeld(id));
    }
  }

  @Test
  void aSourceWithoutAFreeDescriptorStopsAllAtALossAndEnds() throws Exception {
    Needs.program("prlimit");
    try (Keepalive source =
        guarded().serve("--on-claim-won", leavesADaemon(""), "--stop-timeout", "1s")) {
      source.awaitEvent("listening");
      awaitRuns(1);
      String pid = Long.toString(source.pid());
      Process limit = new ProcessBuilder("prlimit", "--pid", pid, "--nofile=3:3").start();
      assertEquals(0, limit.waitFor());
      ensemble.deleteClaims(id);
      assertEquals(1, source.awaitEnd(), source::output);
      assertFalse(anyRuns());
    }
  }

  @Test
  void aKilledSupervisorIsReplaced() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", stubborn())) {
      source.failAll();
      awaitRuns(1);
      ProcessHandle first = awaitSupervisor(backup, 0);
      first.destroyForcibly();
      ProcessHandle second = awaitSupervisor(backup, first.pid());
      assertTrue(anyRuns());
      backup.kill();
      Eventually.await("the end of all", LIMIT, () -> !anyRuns());
      Eventually.await("the supervisor's end", LIMIT, () -> !second.isAlive());
    }
  }

  @Test
  void aSignalEndsEvenWhatOnlyTheGroupKnows() throws Exception {
    needCgroups();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded().watch(source, "--on-failover", leavesAnUnmarkedDaemon())) {
      source.failAll();
      awaitRuns(1);
      ProcessHandle supervisor = awaitSupervisor(backup, 0);
      backup.signal("TERM");
      Eventually.await("the release", LIMIT, () -> !ensemble.isHeld(id));
      assertFalse(anyRuns());
      Eventually.await("the supervisor's end", LIMIT, () -> !supervisor.isAlive());
    }
  }

  @Test
  void withoutAClaimTheCommandRunsOn() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = new Guarded(folder).watch(source, "--on-failover", stubborn())) {
      source.failAll();
      String run = awaitRuns(1).get(0);
      backup.kill();
      Eventually.await("the end of watch", () -> ProcessHandle.of(backup.pid()).isEmpty());
      assertTrue(isAlive(run));
      assertTrue(supervisor(backup).isEmpty());
    }
  }
}
