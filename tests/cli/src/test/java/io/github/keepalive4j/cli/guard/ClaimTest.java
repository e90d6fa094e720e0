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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With a claim on an ensemble, only one of source and backups acts at a time. */
@Execution(ExecutionMode.CONCURRENT) // each on a claim of its own
class ClaimTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension static final SharedEnsemble shared = new SharedEnsemble();

  @TempDir Path folder;
  private String id;
  private Runs runs;
  private Guarded guarded;

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    runs = new Runs(folder);
    guarded = new Guarded(folder, shared.server().options(id));
  }

  @AfterEach
  void killTheRunsAndCheckTheHistory() throws Exception {
    runs.killAll();
    guarded.requireValidHistory();
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
          Keepalive one = guarded.watch(source.address(), "--on-failover", runs.stubborn());
          Keepalive other = guarded.watch(source.address(), "--on-failover", runs.stubborn())) {
        long served = Guarded.tokenOf(source.process());
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
    long token = Guarded.tokenOf(winner);
    List<String> ran = runs.await(round);
    assertEquals(round, ran.size());
    String run = ran.get(round - 1);
    assertTrue(run.endsWith(" " + token), ran.toString());
    if (round == 1) {
      requireRefusedBeside(token);
    }
    assertTrue(Runs.isAlive(run));
    winner.signal("TERM");
    Eventually.await("the release", LIMIT, () -> !shared.server().isHeld(id));
    assertFalse(Runs.isAlive(run)); // else it would run beside a successor
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
  void aRearmedWinnerHoldsItsClaimUntilTheSourceReturns() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--rearm", "--on-failover", "exit 0")) {
      source.vanish();
      backup.awaitEvent("error"); // nobody there to reconnect to
      assertTrue(shared.server().isHeld(id));
      try (FailingSource again = new FailingSource(source.address())) {
        again.accept();
        backup.awaitEvent("up", 2);
        again.failAll();
        assertTrue(backup.awaitEvent("granted", 2).number("token") > Guarded.tokenOf(backup));
        assertEquals(List.of(), backup.events("claim-lost"));
      }
      backup.signal("TERM");
      assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      assertFalse(shared.server().isHeld(id));
    }
  }

  @Test
  void aRearmedWinnerStopsItsCommandBeforeItReleasesItsClaim() throws Exception {
    String child = "sh -c \"trap '' TERM; while :; do sleep 1; done\" > /dev/null 2>&1 &";
    String leavesAChild = child + " echo $! $KEEPALIVE_TOKEN >> " + runs.file();
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--rearm", "--on-failover", leavesAChild)) {
      source.vanish();
      String first = runs.await(1).get(0);
      backup.awaitEvent("error"); // nobody there to reconnect to
      assertTrue(Runs.isAlive(first));
      try (FailingSource again = new FailingSource(source.address())) {
        again.accept();
        Eventually.await("the release", LIMIT, () -> !shared.server().isHeld(id));
        assertFalse(Runs.isAlive(first));
        backup.awaitEvent("up", 2);
        again.vanish();
        String second = runs.await(2).get(1);
        backup.awaitEvent("error", 2);
        assertTrue(Runs.isAlive(second));
        backup.signal("TERM");
        assertEquals(128 + 15, backup.awaitEnd(), backup::output);
        assertFalse(Runs.isAlive(second));
      }
    }
  }

  @Test
  void aFenceThatFailsReleasesTheClaim() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            guarded.watch(
                source,
                "--fence",
                "touch " + runs.file() + "; exit 1",
                "--on-failover",
                "exit 0")) {
      source.failAll();
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertTrue(backup.events("declined").get(0).text("reason").contains("exited with 1"));
      assertTrue(Files.exists(runs.file()));
      assertFalse(shared.server().isHeld(id));
      assertEquals(List.of("opened", "armed", "verdict", "declined"), guarded.record(1));
    }
  }

  @Test
  void aBackupThatLosesTheClaimDoesNotFence() throws Exception {
    String fence = "echo fenced:$KEEPALIVE_TOKEN >> " + runs.file();
    String[] fenced = {"--fence", fence, "--on-failover", "exit 0"};
    try (FailingSource source = new FailingSource();
        Keepalive one = guarded.watch(source, fenced);
        Keepalive other = guarded.watch(source, fenced)) {
      source.failAll();
      boolean first = awaitGrant(one);
      assertEquals(!first, awaitGrant(other), other::output);
      requireBeaten(first ? other : one);
      long token = Guarded.tokenOf(first ? one : other);
      assertEquals(List.of("fenced:" + token), Files.readAllLines(runs.file()));
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
      String late = "the guard gave no answer.*"; // on a busy machine
      assertTrue(
          reason.matches("held by .*, whose session on the ensemble is alive|" + late), reason);
    }
  }

  @Test
  void aTerminatedSourceReleasesItsClaim() throws Exception {
    try (Sources.Listening source = Sources.listening(guarded.serve())) {
      assertTrue(shared.server().isHeld(id));
      source.process().signal("TERM");
      assertEquals(128 + 15, source.process().awaitEnd());
      assertFalse(shared.server().isHeld(id));
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
      shared.server().deleteClaims(id);
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(1, source.process().awaitEnd(), source.process()::output);
      EventLine lost = source.process().awaitEvent("claim-lost");
      assertEquals("the claim's node is gone from " + ClaimServer.record(id), lost.text("reason"));
      assertEquals(Guarded.tokenOf(source.process()), lost.number("token"));
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
      shared.server().deleteClaims(id);
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
      shared.server().deleteClaims(id);
      Eventually.await("the stop", LIMIT, () -> machine.commands().contains("stop"));
      machine.release();
      assertEquals(3, backup.awaitEnd(), backup::output);
      List<String> commands = machine.commands();
      assertFalse(commands.contains("cont"), commands.toString());
    }
  }
}
