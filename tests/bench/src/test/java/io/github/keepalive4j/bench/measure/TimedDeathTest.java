package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.subject.MonitorSubject;
import io.github.keepalive4j.bench.subject.Stamps;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A harness that times the call gets the time to the callback. */
final class TimedDeathTest {
  private static final int DEATHS = 50;
  private static final long DELAY_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long AFTER_CALLBACK_NS = TimeUnit.MICROSECONDS.toNanos(100);

  /** What the call takes, and how much of that came after the callback. */
  private record Times(Samples call, Samples afterCallback) {}

  @ParameterizedTest
  @EnumSource
  void callEndsWithTheCallback(TimedDeath.Kind kind) throws IOException {
    Times times = measure(kind, MonitorSubject::onItsThread);
    long bestNs = times.afterCallback().percentile(0);
    assertTrue(bestNs >= 0 && bestNs < AFTER_CALLBACK_NS, bestNs + " ns after the callback");
  }

  @ParameterizedTest
  @EnumSource
  void callIncludesWhatASubjectDoesBeforeItCallsBack(TimedDeath.Kind kind) throws IOException {
    Times times = measure(kind, TimedDeathTest::slow);
    assertTrue(times.call().percentile(0) >= DELAY_NS, "no call is shorter than the delay");
  }

  private static MonitorSubject slow(Stamps stamps) throws IOException {
    return MonitorSubject.onItsThread(
        slot -> {
          long end = System.nanoTime() + DELAY_NS;
          while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
          }
          stamps.failed(slot);
        });
  }

  private static Times measure(TimedDeath.Kind kind, TimedDeath.Opening opening)
      throws IOException {
    Times times = new Times(new Samples(DEATHS), new Samples(DEATHS));
    try (TimedDeath death = new TimedDeath(kind, opening)) {
      for (int i = 0; i < DEATHS; i++) {
        death.arm();
        long startNs = System.nanoTime();
        death.die();
        long endNs = System.nanoTime();
        times.call().add(endNs - startNs);
        times.afterCallback().add(endNs - death.calledBackNs());
      }
    }
    return times;
  }
}
