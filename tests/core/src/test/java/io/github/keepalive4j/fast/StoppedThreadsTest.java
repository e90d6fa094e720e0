package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A verdict falls in time while Java's threads are stopped or busy. A busy machine may be late now
 * and then, so one try of five is enough: where the detection waits for Java, it is late each time.
 */
@RequiresLab
class StoppedThreadsTest {
  static final Duration BUDGET = Duration.ofMillis(30);

  private static final int TRIES = 5;
  private static final Duration LIMIT = BUDGET.plusMillis(200);

  /** How slow a listener is: several times the limit. */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private static final Duration AGE = Duration.ofMillis(200);
  private static final int COLLECTED_MB = 300;
  private static final int DUMPED_MB = 100;
  private static Testbed lab;

  @TempDir Path folder;

  @BeforeAll
  static void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterAll
  static void close() throws Exception {
    lab.close();
  }

  @Test
  void aSlowListenerOnTheMonitorsThreadDelaysNoVerdict() throws Exception {
    SlowListener slow = new SlowListener();
    assertVerdictInTime(KeepaliveMonitor.builder().executor(Runnable::run), slow, slow);
  }

  @Test
  void aSlowListenerOfTheMonitorDelaysNoVerdict() throws Exception {
    SlowListener slow = new SlowListener();
    assertVerdictInTime(KeepaliveMonitor.builder().listener(slow), slow, new LinkListener() {});
  }

  @Test
  void aCollectionDelaysNoVerdict() throws Exception {
    assertVerdictWhileStopped(COLLECTED_MB, () -> StoppingProgram.COLLECT);
  }

  @Test
  void aJvmThatWritesItsHeapDelaysNoVerdict() throws Exception {
    Path dump = folder.resolve("heap.hprof");
    assertVerdictWhileStopped(
        DUMPED_MB,
        () -> {
          Files.deleteIfExists(dump);
          return StoppingProgram.DUMP + " " + dump;
        });
  }

  /** Is slow to hear of a suspicion. */
  private static final class SlowListener implements MonitorListener {
    private volatile boolean slow;

    @Override
    public void onSuspect(LinkUpdate event) {
      slow = true;
      try {
        TimeUnit.NANOSECONDS.sleep(SLOW.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void assertVerdictInTime(
      KeepaliveMonitor.Builder builder, SlowListener slow, LinkListener listener) throws Exception {
    try (KeepaliveMonitor monitor = lab.backup().call(builder::open)) {
      assertOneInTime(
          () -> {
            slow.slow = false;
            long afterCutNs = verdictAfterCutNs(monitor, listener);
            return new Verdict(afterCutNs, slow.slow);
          });
    }
  }

  private static long verdictAfterCutNs(KeepaliveMonitor monitor, LinkListener listener)
      throws Exception {
    KeepaliveSocket socket = lab.connect(KeepaliveOptions.detectWithin(BUDGET));
    WatchedLink link = WatchedLink.watch(monitor, socket, listener);
    link.assertNoFailoverFor(AGE);
    try (Fault cut = lab.source().dropIncoming()) {
      Failure failure = link.awaitFailure();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      return failure.verdictNs() - cut.startedNs();
    }
  }

  /** Makes the command that stops a program's threads. */
  private interface Stopping {
    String command() throws IOException;
  }

  private static void assertVerdictWhileStopped(int heapMb, Stopping stopping) throws Exception {
    ProcessBuilder program =
        Programs.java(
            new String[] {"-Xms1g", "-Xmx1g"},
            StoppingProgram.class,
            lab.source().ipv4().getHostAddress(),
            Integer.toString(heapMb));
    try (ManagedProcess backup = lab.backup().start(program)) {
      backup.awaitLine(StoppingProgram.READY, Testbed.LIMIT);
      assertOneInTime(() -> verdictWhileStopped(backup, stopping.command()));
    }
  }

  private static Verdict verdictWhileStopped(ManagedProcess backup, String command)
      throws Exception {
    say(backup, StoppingProgram.WATCH);
    backup.awaitNextLine(StoppingProgram.UP, Testbed.LIMIT);
    TimeUnit.NANOSECONDS.sleep(AGE.toNanos());
    say(backup, command);
    try (Fault cut = lab.source().dropIncoming()) {
      String line = backup.awaitNextLine(StoppingProgram.STOPPED, Testbed.LIMIT).text();
      long[] timesNs = Stream.of(line.split(" ")).skip(1).mapToLong(Long::parseLong).toArray();
      boolean whileStopped = timesNs[0] < timesNs[2] && timesNs[2] < timesNs[1];
      return new Verdict(timesNs[2] - cut.startedNs(), whileStopped);
    }
  }

  private static void say(ManagedProcess backup, String command) throws IOException {
    backup.stdin().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    backup.stdin().flush();
  }

  /**
   * The verdict of one cut.
   *
   * @param afterCutNs when it fell
   * @param whileStopped whether Java was stopped or busy
   */
  private record Verdict(long afterCutNs, boolean whileStopped) {
    boolean isInTime() {
      return whileStopped && afterCutNs <= LIMIT.toNanos();
    }
  }

  private static void assertOneInTime(Callable<Verdict> cut) throws Exception {
    List<Verdict> verdicts = new ArrayList<>();
    do {
      verdicts.add(cut.call());
    } while (!verdicts.get(verdicts.size() - 1).isInTime() && verdicts.size() < TRIES);
    assertTrue(verdicts.get(verdicts.size() - 1).isInTime(), () -> "none in time: " + verdicts);
  }
}
