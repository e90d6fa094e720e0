package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.cli.qemu.QemuMachine;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.testkit.qemu.QemuProcess;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With a claim on an ensemble, only one of source and backups acts at a time. */
@Execution(ExecutionMode.CONCURRENT) // each on a claim of its own
class ClaimTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static ClaimServer ensemble;

  @TempDir Path folder;
  private String id;
  private Guarded guarded;

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
    guarded = new Guarded(folder, ensemble.options(id));
  }

  @AfterEach
  void killTheRunsAndCheckTheHistory() throws Exception {
    if (Files.exists(ran())) {
      Files.readAllLines(ran()).forEach(ClaimTest::kill);
    }
    guarded.requireValidHistory();
  }

  /** A command that tells its token and stays, whatever it is asked. */
  private String stubborn() {
    return "exec > /dev/null 2>&1; trap '' TERM; echo $$ $KEEPALIVE_TOKEN >> "
        + ran()
        + "; while :; do sleep 1; done";
  }

  private Path ran() {
    return folder.resolve("ran");
  }

  /** Waits until so many commands have told their process and token. */
  private List<String> awaitRuns(int number) throws Exception {
    Eventually.await(
        "run number " + number,
        LIMIT,
        () -> Files.exists(ran()) && Files.readAllLines(ran()).size() >= number);
    return Files.readAllLines(ran());
  }

  /** A process that has ended but isn't reaped has no program any more. */
  private static boolean isAlive(String run) {
    return processOf(run).flatMap(process -> process.info().command()).isPresent();
  }

  private static void kill(String run) {
    processOf(run).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** A run without a process number is of a command that doesn't stay. */
  private static Optional<ProcessHandle> processOf(String run) {
    String number = run.substring(0, Math.max(0, run.indexOf(' ')));
    return number.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(number));
  }

  private static long tokenOf(Keepalive command) throws Exception {
    return command.awaitEvent("granted").number("token");
  }

  private static boolean awaitGrant(Keepalive backup) throws Exception {
    return backup
        .stdout()
        .await(line -> line.contains("\"granted\"") || line.contains("\"declined\""), LIMIT)
        .orElseThrow(() -> new AssertionError(backup.output()))
        .contains("\"granted\"");
  }

  @Test
  void inEachRoundOneBackupTakesOverAndTheSourceStaysOut() throws Exception {
    long last = 0;
    for (int round = 1; round <= 2; round++) {
      try (Sources.Listening source = Sources.listening(guarded.serve());
          Keepalive one = guarded.watch(source.address(), "--on-failover", stubborn());
          Keepalive other = guarded.watch(source.address(), "--on-failover", stubborn())) {
        long served = tokenOf(source.process());
        assertTrue(served > last);
        one.awaitEvent("up");
        other.awaitEvent("up");
        source.process().kill();
        boolean first = awaitGrant(one);
        assertEquals(!first, awaitGrant(other), other::output);
        requireBeaten(first ? other : one);
        last = requireOnlySuccessor(first ? one : other, round);
        assertTrue(last > served);
      }
    }
  }

  private static void requireBeaten(Keepalive loser) throws Exception {
    assertEquals(3, loser.awaitEnd(), loser::output);
    assertEquals(List.of("up", "armed", "declined"), loser.eventTypes());
    String reason = loser.events("declined").get(0).text("reason");
    assertTrue(reason.startsWith("won by "), reason);
    assertEquals(1, loser.stderr().all().size(), loser::output);
  }

  private long requireOnlySuccessor(Keepalive winner, int round) throws Exception {
    long token = tokenOf(winner);
    List<String> runs = awaitRuns(round);
    assertEquals(round, runs.size());
    assertTrue(runs.get(round - 1).endsWith(" " + token), runs.toString());
    if (round == 1) {
      requireRefusedBeside(token);
    }
    assertTrue(isAlive(runs.get(round - 1)));
    winner.signal("TERM");
    Eventually.await("the release", LIMIT, () -> !ensemble.isHeld(id));
    assertFalse(isAlive(runs.get(round - 1))); // else it would run beside a successor
    assertEquals(128 + 15, winner.awaitEnd(), winner::output);
    assertEquals(List.of("up", "armed", "granted", "failover"), winner.eventTypes());
    assertEquals("", winner.stderr().text());
    return token;
  }

  /** On a busy machine the guard may have no time to give the reason. */
  private void requireRefusedBeside(long token) throws Exception {
    try (Keepalive restarted = guarded.serve("--claim-timeout", "10s")) {
      assertEquals(1, restarted.awaitEnd(), restarted::output);
      assertEquals(List.of("error"), restarted.eventTypes());
      String message = restarted.events("error").get(0).text("message");
      String reason = "held by .*\\(token " + token + "\\).*|the guard gave no answer.*";
      assertTrue(message.matches("the claim to serve was declined: (" + reason + ")"), message);
    }
  }

  @Test
  void aWinnerPausedBeyondItsSessionStopsItsCommand() throws Exception {
    try (ClaimServer impatient = ClaimServer.startImpatient();
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive paused = guarded.watch(source, "--on-failover", stubborn())) {
        source.failAll();
        String run = awaitRuns(1).get(0);
        try (FailingSource successor = new FailingSource();
            Keepalive other = guarded.watch(successor, "--on-failover", stubborn())) {
          paused.signal("STOP");
          impatient.awaitNoClaims(id);
          other.awaitEvent("armed");
          successor.failAll();
          assertEquals(2, awaitRuns(2).size());
          assertFalse(isAlive(run));
          paused.signal("CONT");
          EventLine lost = paused.awaitEvent("claim-lost");
          assertEquals(3, paused.awaitEnd(), paused::output);
          assertFalse(isAlive(run));
          assertEquals(tokenOf(paused), lost.number("token"));
          assertTrue(tokenOf(other) > tokenOf(paused));
          assertEquals(
              List.of("up", "armed", "granted", "failover", "claim-lost"), paused.eventTypes());
        }
      }
    }
  }

  @Test
  void aRearmedWinnerHoldsItsClaimUntilTheSourceReturns() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--rearm", "--on-failover", "exit 0")) {
      source.vanish();
      backup.awaitEvent("error"); // nobody there to reconnect to
      assertTrue(ensemble.isHeld(id));
      try (FailingSource again = new FailingSource(source.address())) {
        again.accept();
        backup.awaitEvent("up", 2);
        again.failAll();
        assertTrue(backup.awaitEvent("granted", 2).number("token") > tokenOf(backup));
        assertEquals(List.of(), backup.events("claim-lost"));
      }
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      assertFalse(ensemble.isHeld(id));
    }
  }

  @Test
  void aRearmedWinnerStopsItsCommandBeforeItReleasesItsClaim() throws Exception {
    String child = "sh -c \"trap '' TERM; while :; do sleep 1; done\" > /dev/null 2>&1 &";
    String leavesAChild = child + " echo $! $KEEPALIVE_TOKEN >> " + ran();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--rearm", "--on-failover", leavesAChild)) {
      source.vanish();
      String first = awaitRuns(1).get(0);
      backup.awaitEvent("error"); // nobody there to reconnect to
      assertTrue(isAlive(first));
      try (FailingSource again = new FailingSource(source.address())) {
        again.accept();
        Eventually.await("the release", LIMIT, () -> !ensemble.isHeld(id));
        assertFalse(isAlive(first));
        backup.awaitEvent("up", 2);
        again.vanish();
        String second = awaitRuns(2).get(1);
        backup.awaitEvent("error", 2);
        assertTrue(isAlive(second));
        backup.signal("TERM");
        assertEquals(128 + 15, backup.awaitEnd(), backup::output);
        assertFalse(isAlive(second));
      }
    }
  }

  @Test
  void withoutTheEnsembleItDeclinesByDefault() throws Exception {
    try (ClaimServer mortal = ClaimServer.start();
        FailingSource source = new FailingSource()) {
      Guarded orphans = new Guarded(folder, mortal.options(id));
      String command = "echo \"<$KEEPALIVE_TOKEN>\" > " + ran();
      try (Keepalive decliner = orphans.watch(source, "--on-failover", "exit 0");
          Keepalive granter =
              orphans.watch(source, "--grant-when-unavailable", "--on-failover", command)) {
        mortal.stop();
        try (Keepalive late = orphans.watch(source)) {
          EventLine error = late.awaitEvent("error");
          assertTrue(error.text("message").startsWith("the ensemble can't be reached"));
          source.failAll();
          requireUnavailable(decliner);
          requireUnavailable(late);
        }
        assertEquals(0, granter.awaitEnd(), granter::output);
        EventLine granted = granter.events("granted").get(0);
        assertTrue(granted.json().get("token").isNull());
        assertTrue(granted.text("claim").startsWith("granted without a claim, as configured"));
        assertEquals(List.of("<>"), Files.readAllLines(ran()));
        assertEquals("", granter.stderr().text());
      }
      orphans.requireValidHistory();
    }
  }

  private static void requireUnavailable(Keepalive backup) throws Exception {
    assertEquals(3, backup.awaitEnd(), backup::output);
    String reason = backup.events("declined").get(0).text("reason");
    assertTrue(reason.startsWith("the ensemble is unavailable: "), reason);
  }

  @Test
  void aFenceThatFailsReleasesTheClaim() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            guarded.watch(
                source, "--fence", "touch " + ran() + "; exit 1", "--on-failover", "exit 0")) {
      source.failAll();
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertTrue(backup.events("declined").get(0).text("reason").contains("exited with 1"));
      assertTrue(Files.exists(ran()));
      assertFalse(ensemble.isHeld(id));
      assertEquals(List.of("opened", "armed", "verdict", "declined"), guarded.record(1));
    }
  }

  @Test
  void aWinnerThatDiesWhileFencingIsReplaced() throws Exception {
    String hangs = "mkdir " + folder.resolve("fencing") + " && echo $$ fences >> " + ran();
    String[] fenced = {"--fence", hangs + " && exec sleep 600; exit 0", "--on-failover", "exit 0"};
    try (ClaimServer impatient = ClaimServer.startImpatient();
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive one = guarded.watch(source, fenced);
          Keepalive other = guarded.watch(source, fenced)) {
        source.failAll();
        awaitRuns(1);
        boolean first = impatient.holderOf(id) == one.pid();
        (first ? one : other).kill();
        Keepalive heir = first ? other : one;
        heir.awaitEvent("failover");
        heir.signal("TERM");
        assertEquals(128 + 15, heir.awaitEnd(), heir::output);
        assertEquals(List.of("up", "armed", "granted", "failover"), heir.eventTypes());
      }
    }
  }

  @Test
  void aBackupThatLosesTheClaimDoesNotFence() throws Exception {
    String fence = "echo fenced:$KEEPALIVE_TOKEN >> " + ran();
    String[] fenced = {"--fence", fence, "--on-failover", "exit 0"};
    try (FailingSource source = new FailingSource();
        Keepalive one = guarded.watch(source, fenced);
        Keepalive other = guarded.watch(source, fenced)) {
      source.failAll();
      boolean first = awaitGrant(one);
      assertEquals(!first, awaitGrant(other), other::output);
      requireBeaten(first ? other : one);
      long token = tokenOf(first ? one : other);
      assertEquals(List.of("fenced:" + token), Files.readAllLines(ran()));
    }
  }

  /** The killed source's session outlives it here by 30 s. */
  @Test
  void aBackupThatAwaitsTakesNothingFromALiveSession() throws Exception {
    String[] awaits = {"--live-holder", "await", "--claim-timeout", "1s"};
    try (Sources.Listening source = Sources.listening(guarded.serve());
        Keepalive backup = guarded.watch(source.address(), awaits)) {
      backup.awaitEvent("up");
      source.process().kill();
      assertEquals(3, backup.awaitEnd(), backup::output);
      String reason = backup.events("declined").get(0).text("reason");
      assertTrue(reason.matches("held by .*, whose session on the ensemble is alive"), reason);
    }
  }

  @Test
  void aTerminatedSourceReleasesItsClaim() throws Exception {
    try (Sources.Listening source = Sources.listening(guarded.serve())) {
      assertTrue(ensemble.isHeld(id));
      source.process().signal("TERM");
      assertEquals(128 + 15, source.process().awaitEnd());
      assertFalse(ensemble.isHeld(id));
      assertEquals(List.of("granted", "listening"), source.process().eventTypes());
      assertEquals("", source.process().stderr().text());
      assertEquals(List.of("opened", "granted", "claim-released"), guarded.record(1));
    }
  }

  @Test
  void aSourceThatLosesItsClaimStopsServing() throws Exception {
    try (Sources.Listening source = Sources.listening(guarded.serve());
        Keepalive backup = Keepalive.run("watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      ensemble.deleteClaims(id);
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(1, source.process().awaitEnd(), source.process()::output);
      EventLine lost = source.process().awaitEvent("claim-lost");
      assertEquals("the claim's node is gone from " + ClaimServer.record(id), lost.text("reason"));
      assertEquals(tokenOf(source.process()), lost.number("token"));
    }
  }

  @Test
  void aMachineIsPausedWhenTheClaimIsLost() throws Exception {
    try (QemuMachine machine = QemuMachine.start(folder, QemuProcess.Builder::paused);
        FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--qmp", machine.qmp())) {
      backup.awaitEvent("connected");
      source.failAll();
      backup.awaitEvent("takeover");
      assertEquals("running", machine.status());
      ensemble.deleteClaims(id);
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertEquals("paused", machine.status());
    }
  }

  /** The claim is lost while the takeover waits for the answer to its first question. */
  @Test
  void aMachineDoesNotRunOnAClaimThatWasLostMeanwhile() throws Exception {
    Path socket = folder.resolve("qmp");
    try (ScriptedQemu machine = ScriptedQemu.listen(socket);
        FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--qmp", socket.toString())) {
      backup.awaitEvent("connected");
      machine.hold();
      source.failAll();
      Eventually.await("the takeover", LIMIT, () -> !machine.commands().isEmpty());
      backup.awaitEvent("failover");
      ensemble.deleteClaims(id);
      Eventually.await("the stop", LIMIT, () -> machine.commands().contains("stop"));
      machine.release();
      assertEquals(3, backup.awaitEnd(), backup::output);
      List<String> commands = machine.commands();
      assertFalse(commands.contains("cont"), commands.toString());
    }
  }
}
