package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Silent cuts at a random phase of the probing. Full form: {@code -Dkeepalive4j.fast.cuts=200} on
 * an idle machine.
 */
@RequiresLab
class CutsTest {
  private static final Form CUTS = Form.of("cuts", 3);
  private static final Duration SLACK = Duration.ofMillis(CUTS.isFull() ? 10 : 1_000);
  private static Testbed lab;

  private final Random random = new Random();

  @BeforeAll
  static void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterAll
  static void close() throws Exception {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {26, 30, 50, 200, 1_000})
  void everyCutIsDetectedWithinTheWorstCase(int budgetMs) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.detectWithin(Duration.ofMillis(budgetMs));
    Durations detections = detectCuts(options, Liveness.HOST);
    Duration limit = options.worstCaseDetection().plus(SLACK);
    assertTrue(detections.max().compareTo(limit) <= 0, detections::summary);
    if (CUTS.isFull() && budgetMs == 30) {
      assertTrue(detections.percentile(99).toNanos() <= 30_000_000, detections::summary);
      assertTrue(detections.max().toNanos() <= 40_000_000, detections::summary);
    }
  }

  @Test
  void theHostOfAQueriedProcessIsCutOff() throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(Duration.ofMillis(50), Liveness.PROCESS);
    Durations detections = detectCuts(options, Liveness.PROCESS);
    Duration limit = options.worstCaseDetection().plus(SLACK);
    assertTrue(detections.max().compareTo(limit) <= 0, detections::summary);
  }

  private Durations detectCuts(KeepaliveOptions options, Liveness liveness) throws Exception {
    Durations detections = new Durations();
    for (int i = 0; i < CUTS.length(); i++) {
      detections.add(detectCut(options));
    }
    System.out.printf(
        "cut to callback, %s, worst case %s: %s%n",
        liveness, options.worstCaseDetection(), detections.summary());
    return detections;
  }

  private long detectCut(KeepaliveOptions options) throws Exception {
    WatchedLink link = lab.watch(options);
    link.assertNoFailoverFor(randomPhase(options));
    try (Fault cut = lab.source().dropIncoming()) { // one direction, for two are cut in turn
      Failure failure = link.awaitFailure();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      assertTrue(failure.verdictNs() > cut.startedNs(), "a failure before the cut");
      return failure.callbackNs() - cut.startedNs();
    }
  }

  /** Some probes, so that the link has settled, and a part of an interval. */
  private Duration randomPhase(KeepaliveOptions options) {
    long intervalNs = options.probeInterval().orElseThrow().toNanos();
    long settledNs = Math.max(2 * intervalNs, TimeUnit.MILLISECONDS.toNanos(50));
    return Duration.ofNanos(settledNs + (long) (random.nextDouble() * intervalNs));
  }
}
