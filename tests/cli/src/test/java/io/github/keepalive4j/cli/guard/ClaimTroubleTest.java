package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Claims whose holder pauses or dies, or whose ensemble is gone. */
class ClaimTroubleTest {
  @TempDir Path folder;
  private String id;
  private Runs runs;
  private Guarded guarded;

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    runs = new Runs(folder);
  }

  @AfterEach
  void killTheRunsAndCheckTheHistory() throws Exception {
    runs.killAll();
    guarded.requireValidHistory();
  }

  @Test
  void aWinnerPausedBeyondItsSessionStopsItsCommand() throws Exception {
    try (ClaimServer impatient = ClaimServer.startImpatient();
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive paused = guarded.watch(source, "--on-failover", runs.stubborn())) {
        source.failAll();
        String run = runs.await(1).get(0);
        try (FailingSource successor = new FailingSource();
            Keepalive other = guarded.watch(successor, "--on-failover", runs.stubborn())) {
          paused.signal("STOP");
          impatient.awaitNoClaims(id);
          other.awaitEvent("armed");
          successor.failAll();
          assertEquals(2, runs.await(2).size());
          assertFalse(Runs.isAlive(run));
          paused.signal("CONT");
          EventLine lost = paused.awaitEvent("claim-lost");
          assertEquals(3, paused.awaitEnd(), paused::output);
          assertFalse(Runs.isAlive(run));
          assertEquals(Guarded.tokenOf(paused), lost.number("token"));
          assertTrue(Guarded.tokenOf(other) > Guarded.tokenOf(paused));
          assertEquals(
              List.of("up", "armed", "granted", "failover", "claim-lost"), paused.eventTypes());
        }
      }
    }
  }

  @Test
  void withoutTheEnsembleItDeclinesByDefault() throws Exception {
    try (ClaimServer mortal = ClaimServer.start();
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, mortal.options(id));
      String command = "echo \"<$KEEPALIVE_TOKEN>\" > " + runs.file();
      try (Keepalive decliner = guarded.watch(source, "--on-failover", "exit 0");
          Keepalive granter =
              guarded.watch(source, "--grant-when-unavailable", "--on-failover", command)) {
        mortal.stop();
        try (Keepalive late = guarded.watch(source)) {
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
        assertEquals(List.of("<>"), Files.readAllLines(runs.file()));
        assertEquals("", granter.stderr().text());
        requireNoSourceUnlessItMay();
      }
    }
  }

  /** On a busy machine the guard may have no time for its answer: the second try comes then. */
  private void requireNoSourceUnlessItMay() throws Exception {
    String[] brief = {"--claim-timeout", "1s", "--wait", "3s"};
    try (Keepalive refused = guarded.serve("--claim-timeout", "1s");
        Keepalive granted =
            guarded.serve(brief[0], brief[1], brief[2], brief[3], "--grant-when-unavailable")) {
      assertEquals(1, refused.awaitEnd(), refused::output);
      assertTrue(
          refused.events("error").stream()
              .map(error -> error.text("message"))
              .anyMatch(message -> message.startsWith("the claim to serve was declined: ")),
          refused::output);
      assertTrue(granted.awaitEvent("granted").json().get("token").isNull());
      granted.awaitEvent("listening");
    }
  }

  private static void requireUnavailable(Keepalive backup) throws Exception {
    assertEquals(3, backup.awaitEnd(), backup::output);
    String reason = backup.events("declined").get(0).text("reason");
    assertTrue(reason.startsWith("the ensemble is unavailable: "), reason);
  }

  @Test
  void aWinnerThatDiesWhileFencingIsReplaced() throws Exception {
    String hangs = "mkdir " + folder.resolve("fencing") + " && echo $$ fences >> " + runs.file();
    String[] fenced = {"--fence", hangs + " && exec sleep 600; exit 0", "--on-failover", "exit 0"};
    try (ClaimServer impatient = ClaimServer.startImpatient();
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive one = guarded.watch(source, fenced);
          Keepalive other = guarded.watch(source, fenced)) {
        source.failAll();
        runs.await(1);
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
}
