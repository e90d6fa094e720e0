package io.github.keepalive4j.guard;

import static io.github.keepalive4j.support.ProcessState.isRunning;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fence that succeeds, fails, hangs, or lies. */
@Timeout(60)
class FenceGuardTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration BRIEF = Duration.ofMillis(300);

  /** Holds a lease on a file, so that whoever opens the file waits for a second. */
  private static final String LEASE =
      """
      import fcntl, os, signal, sys, time
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO])
      file = os.open(sys.argv[1], os.O_RDONLY)
      fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
      print("leased", flush=True)
      signal.sigwait([signal.SIGIO])
      time.sleep(1)
      """;

  @TempDir private Path directory;
  private Scene scene;

  @BeforeEach
  void openScene() throws Exception {
    scene = new Scene();
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  /** Lets a link fail under a fence and returns the first thing heard. */
  private String outcomeOf(FenceGuard fence) throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(fence, AMPLE).open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      return scene.next();
    }
  }

  private String outcomeOf(String command) throws Exception {
    return outcomeOf(FenceGuard.shell(command, AMPLE));
  }

  @Test
  void aFenceThatSucceedsGrants() throws Exception {
    assertEquals("callback", outcomeOf("exit 0"));
    assertEquals(
        "the fence `exit 0` succeeded", scene.failover().claim().orElseThrow().description());
  }

  @Test
  void theEnvironmentTellsOfTheFailure() throws Exception {
    Path seen = directory.resolve("seen");
    assertEquals("callback", outcomeOf("env | grep ^KEEPALIVE_ | sort > '" + seen + "'"));
    List<String> lines = Files.readAllLines(seen);
    assertTrue(lines.contains("KEEPALIVE_CAUSE=CLOSED"), lines.toString());
    assertTrue(lines.contains("KEEPALIVE_ERRNO="), lines.toString());
    assertTrue(lines.contains("KEEPALIVE_LOCAL="), lines.toString());
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("KEEPALIVE_PEER=127\\.0\\.0\\.1:\\d+")),
        lines.toString());
    long silenceMs = scene.failover().failure().silence().orElseThrow().toMillis();
    assertTrue(silenceMs >= 0 && silenceMs < AMPLE.toMillis(), lines.toString());
    assertTrue(lines.contains("KEEPALIVE_LAST_HEARD_MS=" + silenceMs), lines.toString());
  }

  @Test
  void afterAClaimTheEnvironmentHasItsToken() throws Exception {
    Path seen = directory.resolve("seen");
    FenceGuard fence = FenceGuard.shell("echo \"$KEEPALIVE_TOKEN\" > '" + seen + "'", AMPLE);
    TakeoverGuard guard =
        TakeoverGuard.allOf(
            request -> Claim.lasting("no token"), request -> new LosableClaim(7), fence);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(guard, AMPLE).open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      assertEquals("callback", scene.next());
    }
    assertEquals(List.of("7"), Files.readAllLines(seen));
  }

  @Test
  void noTimeRemainsOnceAnEarlierClaimIsLost() throws Exception {
    LosableClaim lost = new LosableClaim(7);
    AtomicReference<Duration> before = new AtomicReference<>();
    AtomicReference<Duration> after = new AtomicReference<>();
    TakeoverGuard guard =
        TakeoverGuard.allOf(
            request -> lost,
            request -> {
              before.set(request.remaining());
              lost.lose("superseded");
              after.set(request.remaining());
              throw new ClaimDeclinedException("seen");
            });
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(guard, AMPLE).open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      assertEquals("declined: seen", scene.next());
    }
    assertTrue(before.get().compareTo(Duration.ZERO) > 0, before::toString);
    assertEquals(Duration.ZERO, after.get());
  }

  @Test
  void theEnvironmentTellsOfAClaimsEnd() throws Exception {
    Path seen = directory.resolve("seen");
    Map<String, String> environment =
        Map.of("KEEPALIVE_CAUSE", "CLAIM_ENDED", "KEEPALIVE_HOLDER", "rack-7/17");
    ClaimRequest request = ClaimRequest.afterClaimEnd(environment, AMPLE::toNanos);
    assertTrue(request.isTakeover());
    FenceGuard.shell("env | grep ^KEEPALIVE_[CH] | sort > '" + seen + "'", AMPLE).claim(request);
    assertEquals(
        List.of("KEEPALIVE_CAUSE=CLAIM_ENDED", "KEEPALIVE_HOLDER=rack-7/17"),
        Files.readAllLines(seen));
    assertThrows(
        IllegalArgumentException.class, () -> ClaimRequest.afterClaimEnd(Map.of(), () -> 0));
  }

  @Test
  void aProgramIsRunWithItsArguments() throws Exception {
    assertEquals(
        "callback", outcomeOf(FenceGuard.program(List.of("test", "a b", "=", "a b"), AMPLE)));
  }

  @Test
  void aFenceThatFailsDeclinesWithItsOutput() throws Exception {
    assertEquals(
        "declined: the fence `echo the switch is off; exit 3` exited with 3,"
            + " having written: the switch is off",
        outcomeOf("echo the switch is off; exit 3"));
  }

  @Test
  void whatIsWrittenToStandardErrorIsInTheReasonAndThereIsNoInput() throws Exception {
    String reason = outcomeOf("cat; echo no power >&2; exit 1");
    assertTrue(reason.endsWith("exited with 1, having written: no power"), reason);
  }

  @Test
  void aLongOutputIsCutToItsEnd() throws Exception {
    String reason = outcomeOf("seq 1 100000; echo the end; exit 1");
    assertTrue(reason.endsWith("the end"), reason);
    assertTrue(reason.length() < 600, reason);
  }

  @Test
  void aCommandThatIsNotThereDeclines() throws Exception {
    String reason = outcomeOf(FenceGuard.program(List.of("/nonexistent/fence"), AMPLE));
    assertTrue(
        reason.startsWith("declined: the fence `/nonexistent/fence` can't be started: "), reason);
  }

  @Test
  void aFileThatIsNotExecutableDeclines() throws Exception {
    Path file = Files.writeString(directory.resolve("fence"), "#!/bin/sh\nexit 0\n");
    String reason = outcomeOf(FenceGuard.program(List.of(file.toString()), AMPLE));
    assertTrue(reason.contains("can't be started") && reason.contains("denied"), reason);
    scene.expect("ended");
    assertTrue(outcomeOf("'" + file + "'").contains("exited with 126"));
  }

  @Test
  void aCommandKilledBySignalDeclines() throws Exception {
    String reason = outcomeOf("kill -9 $$");
    assertEquals("declined: the fence `kill -9 $$` exited with 137, as by signal 9", reason);
  }

  @Test
  void aChildInTheBackgroundHoldsNothingUp() throws Exception {
    Path pid = directory.resolve("pid");
    assertEquals("callback", outcomeOf("sleep 1000 & echo $! > '" + pid + "'; exit 0"));
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    assertTrue(child.isAlive());
    child.destroyForcibly();
  }

  @Test
  void aFenceThatHangsIsKilledWithAllItStarted() throws Exception {
    Path pids = directory.resolve("pids");
    String reason =
        outcomeOf(
            FenceGuard.shell(
                "sleep 1000 & echo $! >> '"
                    + pids
                    + "'; (setsid sh -c 'echo $$ >> \"$0\"; exec sleep 1000' '"
                    + pids
                    + "' &) ; echo waiting; wait",
                Duration.ofSeconds(3)));
    assertTrue(reason.contains("didn't end within 3000 ms, having written: waiting"), reason);
    List<String> started = Files.readAllLines(pids);
    assertEquals(2, started.size());
    for (String pid : started) {
      Eventually.await("end of the fence", () -> !isRunning(pid));
    }
  }

  @Test
  void aFenceThatSucceedsAfterItsTimeoutDeclines() throws Exception {
    String reason = outcomeOf(FenceGuard.shell("trap 'exit 0' TERM; sleep 1000", BRIEF));
    assertTrue(reason.contains("didn't end within 300 ms"), reason);
  }

  @Test
  void aFenceThatWouldSucceedLaterDeclines() throws Exception {
    String reason = outcomeOf(FenceGuard.shell("sleep 1", BRIEF));
    assertTrue(reason.endsWith("didn't end within 300 ms"), reason);
  }

  /** The program's start takes longer than it may run, as from a disk that hangs. */
  @Test
  void aFenceThatHasSucceededTooLateDeclines() throws Exception {
    Needs.program("python3");
    Path fence = Files.writeString(directory.resolve("fence"), "#!/bin/sh\nexit 0\n");
    assertTrue(fence.toFile().setExecutable(true));
    Process lease =
        new ProcessBuilder("python3", "-c", LEASE, fence.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals("leased", lease.inputReader().readLine());
      String reason = outcomeOf(FenceGuard.program(List.of(fence.toString()), BRIEF));
      assertTrue(reason.endsWith("didn't end within 300 ms"), reason);
    } finally {
      lease.destroyForcibly();
    }
  }

  @Test
  void theGuardsOwnTimeoutKillsTheCommandToo() throws Exception {
    Path pid = directory.resolve("pid");
    FenceGuard fence =
        FenceGuard.shell("echo $$ > '" + pid + "'; exec sleep 1000", Duration.ofSeconds(60));
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder().guard(fence, Duration.ofSeconds(3)).open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the guard gave no answer within 3000 ms");
      String sleeper = Files.readString(pid).strip();
      Eventually.await("end of the fence", () -> !isRunning(sleeper));
    }
  }

  @Test
  void aTimeOrCommandOutOfBoundsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> FenceGuard.shell("true", Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> FenceGuard.program(List.of(), AMPLE));
  }
}
