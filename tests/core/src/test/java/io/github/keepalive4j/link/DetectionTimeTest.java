package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When the kernel gives a silent source up, and what is told on the way. */
@InLab
class DetectionTimeTest {
  /** For a busy machine, on top of what the kernel's own timers are late by. */
  private static final Duration SLACK = Duration.ofMillis(1_500);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theDefaultsGiveUpSixSecondsAfterTheSourceWasLastHeard(boolean ipv6) throws Exception {
    KeepaliveOptions defaults = KeepaliveOptions.defaults();
    try (LabLink lab = ipv6 ? LabLink.overIpv6(defaults) : LabLink.open(defaults)) {
      Fault cut = lab.source().drop();
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertSilence(failure, Duration.ofSeconds(6), Duration.ofSeconds(6).plus(SLACK));
      assertTrue(failure.lastHeardNs().orElseThrow() <= cut.effectiveNs() + 20_000_000);
      assertEquals(
          List.of("up", "suspect 2", "failover TIMED_OUT", "failed TIMED_OUT"),
          lab.recorder.calls());
      long warningNs = failure.verdictNs() - lab.recorder.await("suspect 2").atNs();
      assertTrue(warningNs >= 2_000_000_000L, () -> "warned " + warningNs + " ns before");
      assertEquals(5, failure.tcpInfo().orElseThrow().probes());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 0", "2, 1, 2, 0", "1, 2, 1, 0", "1, 1, 5, 1500", "1, 1, 5, 2500"})
  void thePredictionIsHeld(int idle, int interval, int count, long userTimeoutMs) throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.builder()
            .idle(Duration.ofSeconds(idle))
            .interval(Duration.ofSeconds(interval))
            .count(count)
            .userTimeout(Duration.ofMillis(userTimeoutMs))
            .build();
    try (LabLink lab = LabLink.open(options);
        Fault cut = lab.source().drop()) {
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      Duration predicted = options.worstCaseDetection();
      Duration punctual = predicted.multipliedBy(8).dividedBy(9); // timers are late by an eighth
      assertSilence(failure, punctual, predicted.plus(SLACK));
      assertTrue(cut.effectiveNs() < failure.verdictNs());
    }
  }

  private static void assertSilence(Failure failure, Duration atLeast, Duration atMost) {
    Duration silence = failure.silence().orElseThrow();
    assertTrue(
        silence.compareTo(atLeast) >= 0 && silence.compareTo(atMost) <= 0,
        () -> silence + " is not from " + atLeast + " to " + atMost);
  }

  @Test
  void aBlipIsSuspectedAndRecovered() throws Exception {
    try (LabLink lab = LabLink.open(KeepaliveOptions.defaults())) {
      Fault cut = lab.source().drop();
      Eventually.await(
          "3 s", () -> System.nanoTime() - cut.effectiveNs() >= Duration.ofSeconds(3).toNanos());
      cut.close();
      lab.recorder.await("recovered");
      assertEquals(List.of("up", "suspect 2", "recovered"), lab.recorder.calls());
      assertTrue(lab.link.isOpen());
      assertEquals(1, lab.monitor.size());
      assertEquals(0, lab.link.tcpInfo().probes());
    }
  }

  @Test
  void suspicionComesAfterAsManyProbesAsAskedFor() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(4).suspectAfter(3).build();
    try (LabLink lab = LabLink.open(options);
        Fault cut = lab.source().drop()) {
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertEquals(
          List.of("up", "suspect 3", "failover TIMED_OUT", "failed TIMED_OUT"),
          lab.recorder.calls());
      long silenceNs = lab.recorder.await("suspect 3").atNs() - failure.lastHeardNs().orElseThrow();
      assertTrue(silenceNs >= 3_000_000_000L, () -> "suspected after " + silenceNs + " ns");
      assertTrue(cut.effectiveNs() < failure.verdictNs());
    }
  }

  @Test
  void suspicionCanBeSwitchedOff() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(4).suspectAfter(0).build();
    try (LabLink lab = LabLink.open(options);
        Fault cut = lab.source().drop()) {
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertEquals(List.of("up", "failover TIMED_OUT", "failed TIMED_OUT"), lab.recorder.calls());
      assertTrue(cut.effectiveNs() < failure.verdictNs());
    }
  }
}
