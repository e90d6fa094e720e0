package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a budget for a connection with data is solved into, and which ones are refused. */
class ForTrafficTest {
  private static final Duration LOCAL_RTO = Duration.ofMillis(204);
  private static final Duration LONGEST_RTO = Duration.ofMinutes(2);

  @Test
  void bothStatesAreWithinTheBudget() {
    Duration budget = Duration.ofSeconds(6);
    KeepaliveOptions options = KeepaliveOptions.forTraffic(budget);
    assertEquals(Duration.ofMillis(5_625), options.worstCaseDetection());
    assertEquals(
        Optional.of(Duration.ofNanos(5_521_500_000L)),
        options.worstCaseWithDataInFlight(LOCAL_RTO));
    assertFalse(options.noDelay());
    assertEquals(Optional.empty(), options.probeInterval());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT3.375S", "PT3.9S", "PT10S", "PT30S", "PT10M", "PT24H"})
  void aQuarterOfTheIntervalIsWhatTheRetransmissionTimeoutMayBe(Duration budget) {
    KeepaliveOptions options = KeepaliveOptions.forTraffic(budget);
    Duration quarter = options.interval().dividedBy(4);
    assertTrue(quarter.compareTo(Duration.ofMillis(250)) >= 0);
    Duration most = quarter.compareTo(LONGEST_RTO) < 0 ? quarter : LONGEST_RTO;
    assertTrue(options.worstCaseDetection().compareTo(budget) <= 0);
    assertTrue(options.worstCaseWithDataInFlight(most).orElseThrow().compareTo(budget) <= 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0S", "PT2S", "PT3.374999999S", "PT61H26M17.250000001S"})
  void aBudgetThatCannotBeKeptIsRefusedWithTheReason(Duration budget) {
    String message = refusal(() -> KeepaliveOptions.forTraffic(budget));
    assertTrue(
        message.startsWith("budget " + budget + " is not from PT3.375S to PT61H26M17.25S"),
        message);
    assertTrue(message.contains("loss of one segment"), message);
  }

  @Test
  void withoutAUserTimeoutTheKernelsRetransmissionsDecide() {
    KeepaliveOptions defaults = KeepaliveOptions.defaults();
    assertEquals(Optional.empty(), defaults.worstCaseWithDataInFlight(LOCAL_RTO));
    KeepaliveOptions off = KeepaliveOptions.builder().userTimeout(Duration.ZERO).build();
    assertEquals(Optional.empty(), off.worstCaseWithDataInFlight(LOCAL_RTO));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.000999999S", "PT2M0.000000001S"})
  void aRetransmissionTimeoutThatNoKernelHasIsRefused(Duration rto) {
    KeepaliveOptions options = KeepaliveOptions.forTraffic(Duration.ofSeconds(10));
    assertEquals(
        "rto " + rto + " is not from PT0.001S to PT2M",
        refusal(() -> options.worstCaseWithDataInFlight(rto)));
  }

  private static String refusal(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }
}
