package io.github.keepalive4j.soak.idle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.SoakCall;
import io.github.keepalive4j.soak.program.Keepalive;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.BusyLoops;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few ends of links that were left alone for up to 3 s. */
@RequiresLab
class IdleTest {
  private static final int BUDGET_MS = 30;

  /** Beyond this no busy machine is to blame. */
  private static final int MOST_MS = 5_000;

  @TempDir Path folder;

  @Test
  void aLinkThatWasLeftAloneKeepsTheBudgetToTheFirstInstructionOfTheTakeover() throws Exception {
    Needs.program("cc");
    Keepalive keepalive = new Keepalive(SoakCall.JAR, false);
    Plan plan = new Plan(keepalive, End.CUT, List.of(BUDGET_MS + "ms"), 500, 3_000, List.of());
    Turns turns = new Turns(BusyLoops.start(0, folder));
    BestOfFive.requireWithin(
        Duration.ofMillis(BUDGET_MS),
        () -> {
          Path own = Files.createTempDirectory(folder, "cuts");
          List<Cut> cuts = Report.counting(Cuts.make(plan, turns, 4, 2, System.nanoTime(), own));
          assertEquals(4, cuts.size());
          assertTrue(cuts.stream().allMatch(cut -> cut.commandMs() <= MOST_MS), cuts::toString);
          double bestMs = Math.max(best(cuts, Cut::eventMs), best(cuts, Cut::commandMs));
          return Duration.ofNanos((long) (bestMs * 1e6));
        });
  }

  @Test
  void killsTheSourceWithinEachBudgetInTurn() throws Exception {
    Needs.program("cc");
    SoakCall call =
        idle("--end=kill", "--cuts=1", "--pairs=1", "--oldest=400", "--within=300ms,1s");
    assertEquals(0, call.status(), call::text);
    call.requireLine("1 kills of the source within 300ms, 1 pairs, seed -?\\d+");
    call.requireLine("1 kills of the source within 1s, 1 pairs, seed -?\\d+");
    assertTrue(call.figure("kill of the source to verdict") > 0, call::text);
    assertTrue(call.figure("kill of the source to verdict") < MOST_MS, call::text);
    requireTakeover(call, "kill of the source", "CLOSED|RESET");
    assertEquals(2, call.lines("causes: (CLOSED|RESET) 1"), call::text);
  }

  @Test
  void killsTheWorkloadInRealTimeOnABusyMachine() throws Exception {
    Needs.program("cc");
    SoakCall call =
        idle("--end=workload", "--cuts=1", "--pairs=1", "--oldest=400", "--realtime", "--busy=1");
    assertEquals(0, call.status(), call::text);
    call.requireLine(
        "1 kills of the workload within 30ms, 1 pairs, --realtime, 1 busy loops, seed -?\\d+");
    requireTakeover(call, "kill of the workload", "WORKLOAD_ENDED");
  }

  /** The kernel tells of a carrier up to a second late, if another link has changed just before. */
  @Test
  void takesTheCarrierAway() throws Exception {
    Needs.program("cc");
    SoakCall call = idle("--end=carrier", "--cuts=1", "--pairs=1", "--oldest=400", "--within=3s");
    assertEquals(0, call.status(), call::text);
    call.requireLine("1 losses of the carrier within 3s, 1 pairs, seed -?\\d+");
    requireTakeover(call, "loss of the carrier", "NO_CARRIER");
    assertTrue(call.figure("the command that cuts") > 0, call::text);
  }

  private SoakCall idle(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(folder.toString());
    return SoakCall.start(folder, "idle", all.toArray(String[]::new)).end();
  }

  private static void requireTakeover(SoakCall call, String end, String cause) {
    double verdict = call.figure(end + " to verdict");
    double command = call.figure(end + " to CMD's first instruction");
    assertTrue(call.figure(end + " to `failover` event") > verdict, call::text);
    assertTrue(command > verdict && command < MOST_MS, call::text);
    assertTrue(call.figure("verdict to CMD's first instruction") > 0, call::text);
    assertTrue(call.figure("a C program releases a shell that waits") > 0, call::text);
    call.requireLine(
        "verdict to CMD's first instruction, p50: \\d+\\.\\d\\d times the C program's");
    call.requireLine("causes: (" + cause + ") \\d");
  }

  @Test
  void theBusyLoopsAreGoneAfterARunThatFailed() throws Exception {
    Needs.program("cc");
    SoakCall call = idle("--busy=1", "--pairs=1", "--oldest=200", "--watch-option=--no-such");
    assertEquals(1, call.status(), call::text);
    assertTrue(Files.exists(folder.resolve("busy")));
  }

  @Test
  void theReportRanksTheTimes() {
    List<Cut> cuts = List.of(cut(1, false), cut(3, false), cut(2, false));
    assertEquals(2, Report.percentile(cuts, Cut::verdictMs, 0.5));
    assertEquals(3, Report.percentile(cuts, Cut::verdictMs, 0.99));
  }

  @Test
  void cutsALibrarysLinkAroundACollection() throws Exception {
    Needs.program("cc");
    SoakCall call = idle("--library", "--cuts=1", "--pairs=1", "--oldest=400");
    assertEquals(0, call.status(), call::text);
    call.requireLine("1 cuts within 30ms, 1 pairs, seed -?\\d+");
    double collectionMs = call.figure("the full collection");
    assertTrue(collectionMs > 0, call::text);
    assertTrue(call.figure("cut to callback") - collectionMs < MOST_MS, call::text);
    call.requireLine(
        "collections began .* ms after the cut, half of them by .*; [01] of 1 before it");
  }

  @Test
  void onlyCutsNearTheirCollectionCount() {
    List<LibraryCut> cuts = new ArrayList<>();
    for (int collectionMs : new int[] {-31, -30, -10, 30, 31}) {
      cuts.add(new LibraryCut("30ms", 200, 8, collectionMs, 150, 25 + collectionMs, 200, false));
    }
    cuts.add(new LibraryCut("30ms", 200, 8, 0, 150, -500, -400, true));
    String report = Report.ofLibrary(cuts);
    assertTrue(report.contains("| cut to verdict | 15.0 | 55.0 | 55.0 | 55.0 |"), report);
    assertTrue(
        report.contains(
            "collections began -30.0 to 30.0 ms after the cut, half of them by -10.0; 2 of 3 before it"),
        report);
    assertTrue(report.contains("more than 30 ms from their collection, not counted: 2"), report);
    assertTrue(report.contains("false failovers before the cut, not counted: 1"), report);
  }

  @Test
  void whatDoesNotCountIsMadeAgain() throws Exception {
    CutPair.Opener<Cut> everyOther =
        (files, random) ->
            new CutPair<>() {
              private boolean early;

              @Override
              public Cut cut(String budget, long ageMs) {
                early = !early;
                return new Cut(budget, ageMs, 8, early, "TIMED_OUT", 25, 26, 27, 1);
              }

              @Override
              public void close() {}
            };
    Keepalive keepalive = new Keepalive(SoakCall.JAR, false);
    Plan plan = new Plan(keepalive, End.CUT, List.of("30ms", "1s"), 0, 0, List.of());
    List<Cut> cuts = new Cuts<>(plan, everyOther, folder).make(3, 2, 1);
    assertEquals(12, cuts.size());
    for (String budget : plan.budgets()) {
      long counting =
          Report.counting(cuts).stream().filter(cut -> cut.budget().equals(budget)).count();
      assertEquals(3, counting, budget);
    }
  }

  @Test
  void aVerdictBeforeTheEndIsEarly() throws Exception {
    Ended ended = new Ended(1_000_000_000, 1_010_000_000);
    assertTrue(failover(999_999_999).after(ended, "30ms", 200, 0, 1).early());
    Cut during = failover(1_000_000_001).after(ended, "30ms", 200, 1_025_000_000, 1);
    assertFalse(during.early());
    assertEquals("HUNG", during.cause());
    assertEquals(10, during.cutMs());
    assertEquals(15, during.commandMs());
  }

  private static FailoverEvent failover(long verdictNs) throws IOException {
    return FailoverEvent.parse(
        "{\"event\":\"failover\",\"monotonicNs\":1,\"cause\":\"HUNG\",\"verdictNs\":"
            + verdictNs
            + ",\"local\":null}");
  }

  @Test
  void aFailoverBeforeTheEndIsReportedButNotRanked() {
    String report = Report.of(End.CUT, List.of(cut(25, false), cut(-500, true)));
    assertTrue(report.contains("| cut to verdict | 25.0 | 25.0 | 25.0 | 25.0 |"), report);
    assertTrue(report.contains("false failovers before the end, not counted: 1"), report);
  }

  private static Cut cut(double verdictMs, boolean early) {
    return new Cut("30ms", 200, 8, early, "TIMED_OUT", verdictMs, 0, 0, 1);
  }

  private static double best(List<Cut> cuts, ToDoubleFunction<Cut> time) {
    return cuts.stream().mapToDouble(time).min().orElseThrow();
  }
}
