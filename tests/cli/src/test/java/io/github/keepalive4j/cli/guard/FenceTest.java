package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Fifo;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that make sure the source is gone before they take over. */
class FenceTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;

  private Path ran() {
    return folder.resolve("ran");
  }

  @Test
  void theCommandRunsAfterASuccessfulFence() throws Exception {
    Guarded guarded = new Guarded(folder);
    String environment = "env | grep ^KEEPALIVE_ | grep -v ^KEEPALIVE_FENCE_RUN | sort";
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            guarded.watch(
                source,
                "--fence",
                "(echo fence; " + environment + ") >> " + ran(),
                "--on-failover",
                "(echo command; " + environment + ") >> " + ran())) {
      source.failAll();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "granted", "failover"), backup.eventTypes());
      EventLine granted = backup.events("granted").get(0);
      assertTrue(granted.json().get("token").isNull(), backup::output);
      assertTrue(granted.text("claim").endsWith("succeeded"), backup::output);
      assertEquals("", backup.stderr().text());
    }
    List<String> lines = Files.readAllLines(ran());
    int half = lines.size() / 2;
    assertEquals("fence", lines.get(0));
    assertEquals("command", lines.get(half));
    assertEquals(6, half);
    assertEquals(lines.subList(1, half), lines.subList(half + 1, lines.size()));
    assertEquals(
        List.of(
            "opened",
            "armed",
            "verdict",
            "granted",
            "callback-begin",
            "callback-end",
            "claim-released"),
        guarded.record(1));
    guarded.requireValidHistory();
  }

  @Test
  void nothingRunsAfterAFailedFence() throws Exception {
    Guarded guarded = new Guarded(folder);
    try (FailingSource source = new FailingSource();
        Keepalive failing = fenced(guarded, source, "echo no power; exit 1", "10s");
        Keepalive hanging = fenced(guarded, source, "sleep 600", "300ms");
        Keepalive late = fenced(guarded, source, "sleep 0.6; exit 0", "300ms")) {
      source.failAll();
      requireDeclined(failing, "exited with 1, having written: no power");
      requireDeclined(hanging, "didn't end within 300 ms");
      requireDeclined(late, "didn't end within 300 ms");
    }
    assertFalse(Files.exists(ran()));
    assertEquals(List.of("opened", "armed", "verdict", "declined"), guarded.record(1));
    guarded.requireValidHistory();
  }

  @Test
  void eachLevelIsTriedAgainBeforeTheNextOne() throws Exception {
    String first = "echo first >> " + ran() + "; echo no power; exit 1";
    String second = "echo second >> " + ran() + "; test $(grep -c second " + ran() + ") -eq 2";
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            new Guarded(folder)
                .watch(source, "--fence", first, "--fence", second, "--fence-retries", "1")) {
      source.failAll();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(List.of("first", "first", "second", "second"), Files.readAllLines(ran()));
      assertEquals(
          List.of("up", "error", "error", "error", "granted", "failover"), backup.eventTypes());
      String message = backup.events("error").get(0).text("message");
      assertTrue(
          message.endsWith("exited with 1, having written: no power; the next fence follows"));
    }
  }

  @Test
  void nothingRunsAfterTheLastLevelHasFailed() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            new Guarded(folder)
                .watch(
                    source,
                    "--fence",
                    "exit 1",
                    "--fence",
                    "exit 2",
                    "--on-failover",
                    "touch " + ran())) {
      source.failAll();
      assertEquals(3, backup.awaitEnd(), backup::output);
      assertEquals(List.of("up", "error", "declined"), backup.eventTypes());
      assertTrue(backup.events("declined").get(0).text("reason").endsWith("exited with 2"));
    }
    assertFalse(Files.exists(ran()));
  }

  @Test
  void aFenceEndsWithTheBackupThatStartedIt() throws Exception {
    Path pid = folder.resolve("pid");
    String fence = "sleep 600 & echo $! > " + pid + ".new; mv " + pid + ".new " + pid + "; wait";
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            new Guarded(folder)
                .watch(source, "--fence", fence, "--on-failover", "touch " + ran())) {
      source.failAll();
      ProcessHandle fencing = awaitProcess(pid);
      backup.signal("TERM");
      fencing.onExit().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertEquals(143, backup.awaitEnd(), backup::output);
    }
    assertFalse(Files.exists(ran()));
  }

  private static ProcessHandle awaitProcess(Path pid) throws Exception {
    Eventually.await("the file " + pid, LIMIT, () -> Files.exists(pid));
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
  }

  private Keepalive fenced(Guarded guarded, FailingSource source, String fence, String limit)
      throws Exception {
    String[] options = {
      "--fence", fence, "--fence-timeout", limit, "--on-failover", "touch " + ran()
    };
    return guarded.watch(source, options);
  }

  private static void requireDeclined(Keepalive backup, String reason) throws Exception {
    assertEquals(3, backup.awaitEnd(), backup::output);
    assertEquals(List.of("up", "declined"), backup.eventTypes());
    EventLine declined = backup.events("declined").get(0);
    assertEquals("CLOSED", declined.text("cause"));
    assertTrue(declined.text("reason").endsWith(reason), backup::output);
    assertEquals(1, backup.stderr().all().size(), backup::output);
    assertTrue(backup.stderr().text().endsWith(reason), backup::output);
  }

  @Test
  void aBackupCanDeclineWhenItsOwnNetworkFails() throws Exception {
    try (Lab lab = Needs.openLab();
        Sources.Listening source = Sources.on(lab.source(), lab.source().ipv4());
        Keepalive backup =
            Keepalive.runOn(
                lab.backup(),
                "watch",
                source.address(),
                "--json",
                "--detect-within",
                "500ms",
                "--fence",
                "echo $KEEPALIVE_LOCAL; test -z \"$KEEPALIVE_LOCAL\"",
                "--on-failover",
                "touch " + ran())) {
      backup.awaitEvent("up");
      try (Fault down = lab.backup().linkDown()) {
        assertTrue(down.effectiveNs() > 0);
        assertEquals(3, backup.awaitEnd(), backup::output);
      }
      EventLine declined = backup.awaitEvent("declined");
      assertEquals("NO_ROUTE", declined.text("local"));
      assertTrue(declined.text("reason").endsWith("having written: NO_ROUTE"), backup::output);
      backup.awaitError(", trouble on this side: NO_ROUTE, but no takeover: the fence `echo");
    }
    assertFalse(Files.exists(ran()));
  }

  @Test
  void aRearmedBackupContinuesAfterADecline() throws Exception {
    Guarded guarded = new Guarded(folder);
    try (FailingSource source = new FailingSource();
        Keepalive backup = guarded.watch(source, "--fence", "exit 1", "--rearm")) {
      source.failAll();
      backup.awaitEvent("declined");
      source.accept();
      backup.awaitEvent("up", 2);
    }
  }

  @Test
  void aJournalThatCannotBeOpenedGivesStatusOne() throws Exception {
    requireNoJournal("/no/such", "/no/such", "watch", "127.0.0.1:1");
  }

  /** Whoever opens a FIFO waits for a reader. */
  @Test
  void aJournalThatIsNoRegularFileGivesStatusOne() throws Exception {
    String fifo = Fifo.make(folder.resolve("fifo")).toString();
    String reason = fifo + " is no regular file";
    requireNoJournal(reason, fifo, "watch", "127.0.0.1:1");
    requireNoJournal(reason, fifo, "serve", "--port", "0");
  }

  private static void requireNoJournal(String reason, String journal, String... command)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--journal", journal));
    try (Keepalive refused = Keepalive.run(arguments.toArray(String[]::new))) {
      assertEquals(1, refused.awaitEnd(), refused::output);
      assertEquals(1, refused.stderr().all().size(), refused::output);
      refused.awaitError("the journal can't be opened: " + reason);
    }
  }
}
