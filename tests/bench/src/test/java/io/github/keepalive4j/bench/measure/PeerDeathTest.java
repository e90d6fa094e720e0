package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.peer.Ending;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.FailureSink;
import io.github.keepalive4j.bench.subject.MonitorSubject;
import io.github.keepalive4j.bench.subject.Stamps;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The harness is fair: whatever a subject does before it reports shows in its figure. */
final class PeerDeathTest {
  private static final long DELAY_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int ROUNDS = 100;

  private final Stamps stamps = new Stamps(PeerDeath.slots(2));

  @Test
  void figureIncludesTheWholeDelay() throws IOException {
    Map<Ending, Map<String, Samples>> times = measure("prompt", stamps, "slow", this::afterDelay);
    for (Map<String, Samples> byKey : times.values()) {
      long prompt = byKey.get("prompt").median();
      long slow = byKey.get("slow").median();
      assertTrue(byKey.get("slow").percentile(0) >= DELAY_NS, "no trial is below the delay");
      assertTrue(slow - prompt >= DELAY_NS * 3 / 4, prompt + " ns against " + slow + " ns");
    }
  }

  @Test
  void keepsASampleOfEveryTrial() throws IOException {
    Map<Ending, Map<String, Samples>> times = measure("one", stamps, "other", stamps);
    for (Map<String, Samples> byKey : times.values()) {
      byKey.forEach((key, samples) -> assertEquals(ROUNDS, samples.count(), key));
      byKey.forEach((key, samples) -> assertTrue(samples.percentile(0) > 0, key));
    }
  }

  @Test
  void givesEqualSubjectsEqualFigures() throws IOException {
    Map<Ending, Map<String, Samples>> times = measure("one", stamps, "other", stamps);
    for (Map<String, Samples> byKey : times.values()) {
      long apartNs = Math.abs(byKey.get("one").median() - byKey.get("other").median());
      assertTrue(apartNs < DELAY_NS / 2, "the same subject twice: " + apartNs + " ns apart");
    }
  }

  @Test
  void failsIfASubjectReportsNothing() {
    Stamps never = new Stamps(1);
    assertThrows(IOException.class, () -> never.await(0, Duration.ofMillis(50)));
  }

  private void afterDelay(int slot) {
    long end = System.nanoTime() + DELAY_NS;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    stamps.failed(slot);
  }

  private Map<Ending, Map<String, Samples>> measure(
      String one, FailureSink oneSink, String other, FailureSink otherSink) throws IOException {
    try (Killer killer = new Killer();
        Subjects subjects = new Subjects(stamps)) {
      subjects.add(one, MonitorSubject.onItsThread(oneSink));
      subjects.add(other, MonitorSubject.onItsThread(otherSink));
      return new PeerDeath(killer, subjects).run(ROUNDS, TIME, ROUNDS, TIME);
    }
  }
}
