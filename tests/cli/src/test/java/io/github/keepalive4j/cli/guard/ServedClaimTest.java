package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a source stands for ends before its claim does, and runs again once the claim is won anew.
 */
@Execution(ExecutionMode.CONCURRENT) // each on a claim of its own
class ServedClaimTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Ample for a busy machine. */
  private static final String[] PATIENT = {"--acknowledge-timeout", "20s"};

  @RegisterExtension static final SharedEnsemble shared = new SharedEnsemble();

  @TempDir Path folder;
  private String id;
  private Guarded guarded;

  /** What a workload has told of itself: when it started and ended, by the wall clock. */
  private record Note(String what, String who, long process, long token, long atNs) {
    static Note parse(String line) {
      String[] words = line.split(" ", -1);
      return new Note(
          words[0],
          words[1],
          Long.parseLong(words[2]),
          Long.parseLong(words[3]),
          Long.parseLong(words[4]));
    }

    String text() {
      return what + " " + who;
    }
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    guarded = new Guarded(folder, shared.server().options(id));
  }

  @AfterEach
  void killTheWorkloadsAndCheckTheHistory() throws Exception {
    for (Note note : notes()) {
      ProcessHandle.of(note.process()).ifPresent(ProcessHandle::destroyForcibly);
    }
    guarded.requireValidHistory();
  }

  private Path file() {
    return folder.resolve("notes");
  }

  private List<Note> notes() throws Exception {
    return Files.exists(file())
        ? Files.readAllLines(file()).stream().map(Note::parse).toList()
        : List.of();
  }

  /** Waits until so many notes are there, and requires that the last says this. */
  private void awaitNote(int number, String text) throws Exception {
    Eventually.await(text, LIMIT, () -> notes().size() >= number);
    assertEquals(text, notes().get(number - 1).text());
  }

  private String note(String what, String who) {
    return "echo " + what + " " + who + " $$ ${KEEPALIVE_TOKEN:-0} $(date +%s%N) >> " + file();
  }

  /** A command that stays until it is asked to end, and then takes so long to end. */
  private String workload(String who, int stopSeconds) {
    return "exec > /dev/null 2>&1; trap 'sleep "
        + stopSeconds
        + "; "
        + note("end", who)
        + "; exit' TERM; "
        + note("start", who)
        + "; while :; do sleep 0.05; done";
  }

  /** Requires that at most one workload ran at a time, by their own records. */
  private void requireNoOverlap() throws Exception {
    List<Note> notes = notes();
    for (int i = 1; i < notes.size(); i++) {
      assertTrue(notes.get(i).atNs() > notes.get(i - 1).atNs(), notes.toString());
      assertFalse(notes.get(i).what().equals(notes.get(i - 1).what()), notes.toString());
    }
  }

  @Test
  void aSupersededSourceStopsFirstAndServesAgainAfterItsSuccessor() throws Exception {
    try (FailingSource link = new FailingSource();
        Keepalive source = guarded.serve("--on-claim-won", workload("source", 3))) {
      String address = source.awaitEvent("listening").text("peer");
      awaitNote(1, "start source");
      try (Keepalive backup = watch(link, "--on-failover", workload("backup", 0))) {
        link.failAll();
        awaitNote(3, "start backup");
        assertEquals("end source", notes().get(1).text());
        source.awaitEvent("claim-lost");
        backup.signal("TERM");
        awaitNote(5, "start source");
        assertEquals("end backup", notes().get(3).text());
        assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      }
      assertEquals(address, source.awaitEvent("listening", 2).text("peer"));
      long again = source.awaitEvent("granted", 2).number("token");
      assertEquals(again, notes().get(4).token());
      assertTrue(again > notes().get(2).token() && notes().get(2).token() > notes().get(0).token());
      source.signal("TERM");
      Eventually.await("the release", LIMIT, () -> !shared.server().isHeld(id));
      assertEquals(6, notes().size());
      assertEquals(128 + 15, source.awaitEnd(), source::output);
    }
    requireNoOverlap();
  }

  private Keepalive watch(FailingSource link, String option, String command) throws Exception {
    return guarded.watch(link, option, command, PATIENT[0], PATIENT[1]);
  }

  @Test
  void aSupersededSourceRunsACommandToItsEndFirst() throws Exception {
    Path told = folder.resolve("told");
    String stop = "echo $KEEPALIVE_TOKEN $KEEPALIVE_REASON > " + told + "; sleep 3; ";
    try (FailingSource link = new FailingSource();
        Keepalive source = guarded.serve("--on-claim-lost", stop + note("end", "source"))) {
      long token = Guarded.tokenOf(source);
      try (Keepalive backup = watch(link, "--on-failover", workload("backup", 0))) {
        link.failAll();
        awaitNote(2, "start backup");
        assertEquals(Guarded.tokenOf(backup), notes().get(1).token());
        assertEquals("end source", notes().get(0).text());
        String reason = "superseded: another holder has claimed " + ClaimServer.record(id);
        assertEquals(List.of(token + " " + reason), Files.readAllLines(told));
        String held = source.awaitEvent("waiting").text("reason");
        assertTrue(held.matches("held by .*|the guard gave no answer.*"), held);
        source.signal("TERM");
        assertEquals(128 + 15, source.awaitEnd(), source::output);
        assertEquals(2, notes().size());
      }
    }
    requireNoOverlap();
  }

  @Test
  void aFailsafeSourceServesOnWithoutTheEnsembleWhileItsBackupHoldsBack() throws Exception {
    try (ClaimServer impatient = ClaimServer.startImpatient()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive source =
          guarded.serve("--failsafe", "--on-claim-won", workload("source", 0))) {
        String address = source.awaitEvent("listening").text("peer");
        try (Keepalive backup = guarded.watch(address, "--detect-within", "1s")) {
          backup.awaitEvent("armed"); // once the source has asked it
          assertEquals(1, impatient.members(id));
          impatient.stop();
          assertTrue(source.awaitEvent("failsafe").flag("on"));
          TimeUnit.SECONDS.sleep(8); // two leases, and more than a session
          impatient.restart();
          assertFalse(source.awaitEvent("failsafe", 2).flag("on"));
          assertEquals(List.of(), source.events("claim-lost"));
          assertEquals(1, notes().size());
        }
        source.signal("TERM");
        assertEquals(128 + 15, source.awaitEnd(), source::output);
      }
    }
  }

  @Test
  void aSourceThatLostItsLeaseServesAgainOnceTheEnsembleIsBack() throws Exception {
    try (ClaimServer impatient = ClaimServer.startImpatient()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive source = guarded.serve("--on-claim-won", workload("source", 0))) {
        source.awaitEvent("listening");
        awaitNote(1, "start source");
        impatient.stop();
        source.awaitEvent("claim-lost");
        awaitNote(2, "end source");
        impatient.restart();
        source.awaitEvent("listening", 2);
        awaitNote(3, "start source");
        assertTrue(notes().get(2).token() > notes().get(0).token());
        source.signal("TERM");
        assertEquals(128 + 15, source.awaitEnd(), source::output);
        assertEquals(4, notes().size());
      }
    }
    requireNoOverlap();
  }

  @Test
  void aSourceWaitsForTheClaimIfItIsAskedTo() throws Exception {
    String[] brief = {"--claim-timeout", "1s", "--wait", "1s"};
    String[] forever = {"--claim-timeout", "1s", "--wait", "forever"};
    try (FailingSource link = new FailingSource();
        Keepalive backup = guarded.watch(link, "--on-failover", "exit 0")) {
      link.failAll();
      backup.awaitEvent("failover");
      try (Keepalive patient = guarded.serve(forever);
          Keepalive impatient = guarded.serve(brief)) {
        patient.awaitEvent("waiting");
        assertEquals(1, impatient.awaitEnd(), impatient::output);
        List<String> heard = impatient.eventTypes();
        assertEquals("error", heard.get(heard.size() - 1));
        backup.signal("TERM");
        EventLine granted = patient.awaitEvent("granted");
        assertTrue(granted.number("token") > Guarded.tokenOf(backup));
        assertEquals(
            List.of("waiting", "granted"),
            patient.eventTypes().stream().distinct().limit(2).toList());
      }
    }
  }

  @Test
  void theTokenIsAboveTheFloorInTheFileAndEachSideKeepsIt() throws Exception {
    Path ofSource = folder.resolve("floor-of-source");
    Path ofBackup = folder.resolve("floor-of-backup");
    long floor = 4_000_000_000_000_000_000L;
    Files.writeString(ofSource, floor + "\n");
    try (FailingSource link = new FailingSource();
        Keepalive source = guarded.serve("--token-floor", ofSource.toString())) {
      source.awaitEvent("listening");
      long token = Guarded.tokenOf(source);
      assertTrue(token > floor, token + " after " + floor);
      awaitFloor(ofSource, token);
      try (Keepalive backup =
          guarded.watch(link, "--on-failover", "true", "--token-floor", ofBackup.toString())) {
        assertEquals(token, backup.awaitEvent("armed").number("token"));
        awaitFloor(ofBackup, token);
      }
    }
  }

  private static void awaitFloor(Path file, long token) throws Exception {
    Eventually.await(
        file + " has " + token,
        LIMIT,
        () -> Files.exists(file) && Files.readString(file).equals(token + "\n"));
  }

  @Test
  void aSourceWhoseCommandFailsGivesTheClaimUp() throws Exception {
    try (Keepalive source = guarded.serve("--on-claim-won", "exit 7")) {
      assertEquals(1, source.awaitEnd(), source::output);
      String message = source.events("error").get(0).text("message");
      assertEquals("the command of --on-claim-won exited with 7", message);
      assertFalse(shared.server().isHeld(id));
    }
  }

  /** The claim is given up once the rest has stopped: the histories show that order. */
  @Test
  void aBackupIsToldThatTheCommandOrWhatItStartedHasEnded() throws Exception {
    Path pid = folder.resolve("pid");
    String background = "exec > /dev/null 2>&1; sleep 600 & echo $! > " + pid;
    requireToldAndTakenOver(pid, "--on-claim-won", background + "; wait $!");
    Files.delete(pid);
    requireToldAndTakenOver(pid, "--on-claim-won", background, "--pid-file", pid.toString());
  }

  private void requireToldAndTakenOver(Path pid, String... options) throws Exception {
    try (Keepalive source = guarded.serve(options)) {
      String address = source.awaitEvent("listening").text("peer");
      String[] fast = {"--detect-within", "2s", "--on-failover", "exit 0"};
      try (Keepalive backup = guarded.watch(address, concat(PATIENT, fast))) {
        backup.awaitEvent("armed");
        Eventually.await("workload", LIMIT, () -> Files.exists(pid) && Files.size(pid) > 0);
        long workload = Long.parseLong(Files.readString(pid).strip());
        assertTrue(ProcessHandle.of(workload).orElseThrow().destroyForcibly());
        assertEquals("WORKLOAD_ENDED", backup.awaitEvent("failover").text("cause"));
        assertEquals(1, source.awaitEnd(), source::output);
        backup.signal("TERM");
        assertEquals(128 + 15, backup.awaitEnd(), backup::output);
      }
    }
  }

  private static String[] concat(String[] first, String[] second) {
    return Stream.of(first, second).flatMap(Stream::of).toArray(String[]::new);
  }

  @Test
  void aCommandThatStopsForTooLongIsKilled() throws Exception {
    String hangs =
        note("start", "\"${KEEPALIVE_REASON%% *}\"") + "; exec > /dev/null 2>&1; sleep 600";
    try (Keepalive source = guarded.serve("--on-claim-lost", hangs, "--stop-timeout", "4s")) {
      source.awaitEvent("listening");
      shared.server().deleteClaims(id);
      String message = source.awaitEvent("error").text("message");
      assertEquals("the command of --on-claim-lost didn't end within 4000 ms", message);
      awaitNote(1, "start the");
      assertFalse(ProcessHandle.of(notes().get(0).process()).isPresent());
      source.awaitEvent("listening", 2);
      source.signal("TERM");
      assertEquals(128 + 15, source.awaitEnd(), source::output);
      awaitNote(2, "start released:");
      assertFalse(ProcessHandle.of(notes().get(1).process()).isPresent());
      assertFalse(shared.server().isHeld(id));
    }
  }
}
