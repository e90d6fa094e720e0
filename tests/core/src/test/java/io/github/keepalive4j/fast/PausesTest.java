package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No pause and no load of either machine is taken for the other's death; the cut that follows is.
 * Full form: {@code -Dkeepalive4j.fast.stops=50}, {@code -Dkeepalive4j.fast.stopped.seconds=10},
 * {@code -Dkeepalive4j.fast.busy.seconds=600}. The sleeps are how long a pause or a load lasts.
 */
@RequiresLab
class PausesTest {
  private static final Form STOPS = Form.of("stops", 3);
  private static final Form STOPPED_SECONDS = Form.of("stopped.seconds", 3);
  private static final Form STORM_SECONDS = Form.of("storm.seconds", 2);
  private static final Form BUSY_SECONDS = Form.of("busy.seconds", 5);
  private static final int BUSY_LOOPS = 8;

  /** Eight loops of one session leave the backup a turn of the processor now and then. */
  private static final int BUSY_SLACK_MS = 1_000;

  private static final List<Integer> BUDGETS_MS = List.of(30, 50);
  private static final Duration DETECTION_TIMEOUT = Duration.ofSeconds(10);

  private Lab lab;

  @BeforeEach
  void open() throws Exception {
    lab = Lab.open();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @Test
  void aStoppedBackupDoesNotTakeItsOwnPauseForTheSources() throws Exception {
    Programs.source(lab);
    ManagedProcess backup = Programs.backup(lab, BUDGETS_MS);
    for (int i = 0; i < STOPS.length(); i++) {
      try (Fault stopped = backup.stop()) {
        assertTrue(stopped.effectiveNs() > 0);
        TimeUnit.SECONDS.sleep(1);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertOnlyTheCutIsDetected(backup);
  }

  @Test
  void aStoppedSourceIsStillAHostThatAnswers() throws Exception {
    ManagedProcess source = Programs.source(lab);
    ManagedProcess backup = Programs.backup(lab, BUDGETS_MS);
    try (Fault stopped = source.stop()) {
      assertTrue(stopped.effectiveNs() > 0);
      TimeUnit.SECONDS.sleep(STOPPED_SECONDS.length());
    }
    assertOnlyTheCutIsDetected(backup);
  }

  @Test
  void garbageCollectionsOnBothSidesCauseNoFailover() throws Exception {
    Programs.source(lab, Storm.jvmArgument());
    ManagedProcess backup = Programs.backup(lab, BUDGETS_MS, Storm.jvmArgument());
    TimeUnit.SECONDS.sleep(STORM_SECONDS.length());
    assertOnlyTheCutIsDetected(backup);
  }

  @Test
  void saturatedCoresCauseNoFailover() throws Exception {
    Programs.source(lab);
    ManagedProcess backup = Programs.backup(lab, BUDGETS_MS);
    List<ManagedProcess> loops = startBusyLoops(lab.backup());
    TimeUnit.SECONDS.sleep(BUSY_SECONDS.length());
    for (ManagedProcess loop : loops) {
      loop.close();
    }
    assertOnlyTheCutIsDetected(backup);
  }

  /** The probing thread is late again and again, which is forgiven, but not for ever. */
  @Test
  void aCutWhileTheMachineIsBusyIsDetectedSoon() throws Exception {
    Programs.source(lab);
    ManagedProcess backup = Programs.backup(lab, BUDGETS_MS);
    List<ManagedProcess> loops = startBusyLoops(lab.backup());
    TimeUnit.SECONDS.sleep(1);
    try (Fault cut = lab.source().drop()) {
      for (int budgetMs : BUDGETS_MS) {
        String line = Programs.awaitLine(backup, BackupProgram.FAILED, budgetMs);
        assertTrue(line.contains("TIMED_OUT"), line);
        long tookMs = (Long.parseLong(line.split(" ", -1)[2]) - cut.startedNs()) / 1_000_000;
        assertTrue(tookMs > 0 && tookMs < budgetMs + BUSY_SLACK_MS, tookMs + " ms");
      }
    }
    for (ManagedProcess loop : loops) {
      loop.close();
    }
  }

  private static List<ManagedProcess> startBusyLoops(Host host) throws Exception {
    List<ManagedProcess> loops = new ArrayList<>();
    for (int i = 0; i < BUSY_LOOPS; i++) {
      loops.add(host.start("sh", "-c", "while :; do :; done"));
    }
    return loops;
  }

  private void assertOnlyTheCutIsDetected(ManagedProcess backup) throws Exception {
    assertEquals(
        BUDGETS_MS.size(), backup.lines().size(), () -> "false failover: " + backup.lines());
    try (Fault cut = lab.source().drop()) {
      for (int budgetMs : BUDGETS_MS) {
        String wanted = "^" + BackupProgram.FAILED + " " + budgetMs + " .*TIMED_OUT";
        assertTrue(backup.awaitLine(wanted, DETECTION_TIMEOUT).arrivedNs() > cut.startedNs());
      }
    }
  }
}
