package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.BestOfFive;
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
 * Silent cuts of links that have been left alone for a random time, at a random phase of the
 * probing. Full form: {@code -Dkeepalive4j.fast.cuts=200} on an idle machine, with times up to 20
 * s; 200 cuts take 35 minutes at each budget. {@code -Dkeepalive4j.fast.seed=…} draws the same
 * times.
 */
@RequiresLab
class CutsTest {
  private static final Form CUTS = Form.of("cuts", 3);
  private static final Duration SLACK = Duration.ofMillis(CUTS.isFull() ? 10 : 1_000);
  private static final Duration LONGEST_AGE = Duration.ofSeconds(CUTS.isFull() ? 20 : 2);
  private static final long SEED = Long.getLong("keepalive4j.fast.seed", System.nanoTime());
  private static Testbed lab;

  private final Random random = new Random(SEED); // each test draws the same

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
    BestOfFive.requireWithin(
        options.worstCaseDetection(),
        () -> {
          Durations detections = detectCuts(options, Liveness.HOST);
          if (CUTS.isFull() && budgetMs == 30) {
            assertTrue(
                detections.percentile(99).toNanos() <= 30_000_000, () -> summary(detections));
            assertTrue(detections.max().toNanos() <= 40_000_000, () -> summary(detections));
          }
          return detections.min();
        });
  }

  /** On a busy machine a source's process now and then runs too late for 50 ms. */
  @Test
  void theHostOfAQueriedProcessIsCutOff() throws Exception {
    Duration budget = Duration.ofMillis(CUTS.isFull() ? 50 : 300);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(budget, Liveness.PROCESS);
    BestOfFive.requireWithin(
        options.worstCaseDetection(), () -> detectCuts(options, Liveness.PROCESS).min());
  }

  private Durations detectCuts(KeepaliveOptions options, Liveness liveness) throws Exception {
    Durations detections = new Durations();
    for (int i = 0; i < CUTS.length(); i++) {
      Duration age = drawAge(options);
      try {
        detections.add(detectCut(options, age), age);
      } catch (AssertionError | Exception e) {
        throw new AssertionError("of a link left alone for " + age + ", seed " + SEED, e);
      }
    }
    System.out.printf(
        "cut to callback, %s, worst case %s: %s%n",
        liveness, options.worstCaseDetection(), summary(detections));
    Duration limit = options.worstCaseDetection().plus(SLACK);
    assertTrue(detections.max().compareTo(limit) <= 0, () -> summary(detections));
    return detections;
  }

  private static String summary(Durations detections) {
    return "%s, seed %d".formatted(detections.summary(), SEED);
  }

  private long detectCut(KeepaliveOptions options, Duration age) throws Exception {
    WatchedLink link = lab.watch(options);
    link.assertNoFailoverFor(age);
    try (Fault cut = lab.source().dropIncoming()) { // one direction, for two are cut in turn
      Failure failure = link.awaitFailure();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      assertTrue(failure.verdictNs() > cut.startedNs(), "a failure before the cut");
      return failure.callbackNs() - cut.startedNs();
    }
  }

  /** After some probes, so that the link has settled, and at any part of an interval. */
  private Duration drawAge(KeepaliveOptions options) {
    long intervalNs = options.probeInterval().orElseThrow().toNanos();
    long settledNs = Math.max(2 * intervalNs, TimeUnit.MILLISECONDS.toNanos(50));
    long longestNs = Math.max(LONGEST_AGE.toNanos(), settledNs + intervalNs);
    return Duration.ofNanos(random.nextLong(settledNs, longestNs));
  }
}
