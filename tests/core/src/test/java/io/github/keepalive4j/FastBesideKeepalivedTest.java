package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.testkit.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same cuts for a link at 30 ms and for keepalived's BFD, side by side in the same namespaces.
 * Full form: {@code -Dkeepalive4j.fast.beside.cuts=200}.
 */
@FastNeedsLab
class FastBesideKeepalivedTest {
  private static final FastForm CUTS = FastForm.of("beside.cuts", 3);
  private static final Duration BUDGET = Duration.ofMillis(30);
  private static final int BFD_INTERVAL_MS = 10;

  /** For the phase of both, which are not in step: up to this much. */
  private static final long PHASE_NS = TimeUnit.MILLISECONDS.toNanos(40);

  private final Random random = new Random();
  private final FastDurations link = new FastDurations();

  @TempDir Path folder;

  @Test
  void theSameCutsAreDetected() throws Exception {
    FastNeeds.program("keepalived");
    FastDurations bfd3 = new FastDurations();
    FastDurations bfd5 = new FastDurations();
    try (FastLab lab = FastLab.open()) {
      cut(lab, 3, bfd3);
      cut(lab, 5, bfd5);
    }
    System.out.println("cut to detection, side by side:");
    System.out.println("  keepalive4j, detectWithin(30 ms)  " + link.summary());
    System.out.println("  keepalived, BFD 10 ms x 3         " + bfd3.summary());
    System.out.println("  keepalived, BFD 10 ms x 5         " + bfd5.summary());
    assertTrue(bfd3.size() > 0 && bfd5.size() > 0);
  }

  private void cut(FastLab lab, int multiplier, FastDurations bfd) throws Exception {
    try (FastKeepalived keepalived =
        FastKeepalived.start(lab.lab(), folder, BFD_INTERVAL_MS, multiplier)) {
      for (int i = 0; i < CUTS.length(); i++) {
        keepalived.awaitUp();
        cutOnce(lab, keepalived, bfd);
      }
    }
  }

  private void cutOnce(FastLab lab, FastKeepalived keepalived, FastDurations bfd) throws Exception {
    FastLink watched = lab.watch(BUDGET);
    watched.assertNoFailoverFor(Duration.ofNanos(PHASE_NS + random.nextLong(PHASE_NS)));
    keepalived.awaitUp(); // a session of its timers may have flapped meanwhile
    int downs = keepalived.downs();
    try (Fault cut = lab.source().drop()) {
      Failure failure = watched.awaitFailure();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      link.add(failure.callbackNs() - cut.startedNs());
      bfd.add(keepalived.awaitDownNs(downs + 1) - cut.startedNs());
    }
  }
}
