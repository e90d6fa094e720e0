package io.github.keepalive4j.fast;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The loss of any single segment is made good in time. The process has 300 ms: a busy machine keeps
 * it from its answer for 100. Full form: {@code -Dkeepalive4j.fast.losses=1000} and {@code
 * -Dkeepalive4j.fast.lossy.seconds=600}.
 */
@RequiresLab
class LossesTest {
  private static final Form LOSSES = Form.of("losses", 8);
  private static final Form LOSSY_SECONDS = Form.of("lossy.seconds", 3);

  private static final long MADE_GOOD_NS = TimeUnit.MILLISECONDS.toNanos(30);

  private final Random random = new Random();
  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  @ParameterizedTest
  @CsvSource({"30, HOST", "50, HOST", "300, PROCESS"})
  void singleLostProbesAreSurvived(int budgetMs, Liveness liveness) throws Exception {
    loseSegments(lab.source(), "tcp dport " + Testbed.PORT, budgetMs, liveness);
  }

  @ParameterizedTest
  @CsvSource({"30, HOST", "50, HOST", "300, PROCESS"})
  void singleLostAnswersAreSurvived(int budgetMs, Liveness liveness) throws Exception {
    loseSegments(lab.backup(), "tcp sport " + Testbed.PORT, budgetMs, liveness);
  }

  @Test
  void onePercentOfRandomLossIsSurvivedAtAHundredMilliseconds() throws Exception {
    WatchedLink link = lab.watch(Duration.ofMillis(100));
    try (Fault lossy = lab.source().lossy(1)) {
      long untilNs = lossy.effectiveNs() + TimeUnit.SECONDS.toNanos(LOSSY_SECONDS.length());
      while (System.nanoTime() < untilNs) {
        link.assertNoFailoverFor(Duration.ofMillis(100));
      }
    }
  }

  private void loseSegments(Host receiver, String direction, int budgetMs, Liveness liveness)
      throws Exception {
    KeepaliveOptions options = KeepaliveOptions.detectWithin(Duration.ofMillis(budgetMs), liveness);
    WatchedLink link = lab.watch(options);
    SegmentLoss loss = SegmentLoss.of(receiver, direction);
    for (int lost = 1; lost <= LOSSES.length(); lost++) {
      int number = lost;
      loss.loseNext();
      Eventually.await("a segment is lost", () -> loss.lost() == number);
      link.assertNoFailoverFor(untilMadeGood(options));
    }
  }

  /** Until what was lost was sent again, and the next probe is at a random phase. */
  private Duration untilMadeGood(KeepaliveOptions options) {
    long intervalNs = options.probeInterval().orElseThrow().toNanos();
    return Duration.ofNanos(intervalNs + MADE_GOOD_NS + random.nextLong(intervalNs));
  }
}
