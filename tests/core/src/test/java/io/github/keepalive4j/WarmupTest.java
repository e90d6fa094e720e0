package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.monitor.FlightLog;
import io.github.keepalive4j.support.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A failover is the first and the last of its program: it must not wait for classes. */
class WarmupTest {
  /** The JDK's own; without a warmup it is 10 and 21. */
  private static final int FEW = 5;

  /** Without a warmup it is 11,000 and more; with one it is about 1,000. */
  private static final int WARM_US = 5_000;

  private static final int TRIES = 6;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstFailureLoadsHardlyAClass(boolean ownExecutor) throws Exception {
    try (ChildJvm child = ChildJvm.start(FirstFailureProgram.class, "-Down=" + ownExecutor)) {
      int loaded = Integer.parseInt(child.readLine());
      assertTrue(loaded <= FEW, () -> loaded + " classes");
    }
  }

  /** A busy machine may be slow now and then, but cold code is slow each time. */
  @Test
  void aRecordingThatStartsAfterTheWatchDelaysNoFailover() throws Exception {
    List<Integer> delaysUs = new ArrayList<>();
    do {
      try (ChildJvm child = ChildJvm.start(FirstRecordedFailureProgram.class)) {
        delaysUs.add(Integer.parseInt(child.readLine()));
      }
    } while (Collections.min(delaysUs) > WARM_US && delaysUs.size() < TRIES);
    assertTrue(Collections.min(delaysUs) <= WARM_US, () -> delaysUs + " us");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void noClassIsLoadedOnTheWayThroughGuardAndJournal(Transport transport, @TempDir Path folder)
      throws Exception {
    Path log = folder.resolve("classes");
    String[] options = {
      "-Xlog:class+load:file=" + log,
      "-Djournal=" + folder.resolve("journal"),
      "-D" + Transport.PROPERTY + "=" + transport.name().toLowerCase(Locale.ROOT)
    };
    try (ChildJvm child = ChildJvm.start(FirstGuardedFailureProgram.class, options)) {
      child.readLine();
      child.readLine();
      assertEquals(0, child.awaitExit());
    }
    String program = FirstGuardedFailureProgram.class.getName();
    List<String> between =
        Files.readAllLines(log).stream()
            .dropWhile(line -> !line.contains(program + "$Before "))
            .takeWhile(line -> !line.contains(program + "$Callback "))
            .filter(line -> line.contains("io.github.keepalive4j") && !line.contains(program))
            .toList();
    assertEquals(List.of(), between);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void theWarmupRepeatsUnnoticedWhileAMonitorIsOpen(Transport transport) throws Exception {
    String option = "-D" + Transport.PROPERTY + "=" + transport.name().toLowerCase(Locale.ROOT);
    try (ChildJvm child = ChildJvm.start(RepeatedWarmupProgram.class, option)) {
      assertEquals("due in 60 s", child.readLine());
      assertEquals("0 links, heard []", child.readLine());
      assertEquals("closed", child.readLine());
      assertEquals(0, child.awaitExit());
    }
  }

  @Test
  void eachMonitorRepeatsIt() {
    assertSame(Warmup.REPETITION, KeepaliveMonitor.builder().repetition);
  }

  @Test
  void aRepetitionThatHangsHoldsNothingElseUp() throws Exception {
    try (ChildJvm child = ChildJvm.start(HungWarmupProgram.class)) {
      assertEquals("called back beside 1 repetition", child.readLine());
      assertEquals("closed", child.readLine());
      assertEquals(0, child.awaitExit());
    }
  }

  @Test
  void theFlightRecorderSeesNoWarmup() throws Exception {
    try (FlightLog log = new FlightLog()) {
      Warmup.repeat();
      Warmup.warmUpFlight();
      assertEquals(0, log.events().size());
    }
  }
}
