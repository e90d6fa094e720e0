package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every time that the API takes, just below, at and just above each of its bounds. */
class BoundsTest {
  private static final Duration NANOSECOND = Duration.ofNanos(1);
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LONGEST_PROCESS = Duration.ofHours(32);
  private static final Duration LONGEST_HOST = Duration.ofSeconds(32_767L * 128 * 9 / 8);

  /** A time with its range, and what takes it. */
  private record Time(
      String name, Duration min, Duration max, String range, Consumer<Duration> taker) {
    @Override
    public String toString() {
      return name + range;
    }
  }

  private static Time daily(String name, Consumer<Duration> taker) {
    return new Time(name, MILLISECOND, DAY, " is not from 1 ms to 1 day", taker);
  }

  private static Time probing(String name, Consumer<Duration> taker) {
    return new Time(name, MILLISECOND, DAY, " is not from PT0.001S to PT24H", taker);
  }

  static final List<Time> times =
      List.of(
          new Time(
              "rtoMin",
              Duration.ofNanos(1_000),
              Duration.ofMillis(200),
              " is not from PT0.000001S to PT0.2S",
              time -> KeepaliveOptions.builder().rtoMin(time).build()),
          probing("interval", time -> KeepaliveOptions.builder().probe(time, DAY).build()),
          probing("deadline", time -> KeepaliveOptions.builder().probe(DAY, time).build()),
          daily("timeout", time -> KeepaliveMonitor.builder().guard(request -> null, time)),
          new Time(
              "shedAfter",
              Duration.ofSeconds(3),
              DAY,
              " is not from PT3S to PT24H",
              time -> KeepaliveServer.builder().shedAfter(time)),
          daily("confirm", time -> KeepaliveMonitor.builder().confirm(time)),
          daily("timeout", time -> KeepaliveServer.builder().guard(request -> null, time)),
          daily("timeout", time -> FenceGuard.shell("true", time)),
          daily("timeout", time -> FenceGuard.program(List.of("true"), time)),
          daily("timeout", DeadMansSwitch::expiringAfter));

  @ParameterizedTest
  @FieldSource("times")
  void bothEndsOfTheRangeAreTaken(Time time) {
    assertDoesNotThrow(() -> time.taker().accept(time.min()));
    assertDoesNotThrow(() -> time.taker().accept(time.max()));
  }

  @ParameterizedTest
  @FieldSource("times")
  void aNanosecondOutsideIsRefusedByNameValueAndRange(Time time) {
    assertRefused(time, time.min().minus(NANOSECOND));
    assertRefused(time, time.max().plus(NANOSECOND));
  }

  @ParameterizedTest
  @FieldSource("times")
  void theLongestDurationsAreRefusedLikeOthers(Time time) {
    assertRefused(time, Duration.ofSeconds(Long.MIN_VALUE));
    assertRefused(time, Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
  }

  private static void assertRefused(Time time, Duration value) {
    assertEquals(
        time.name() + " " + value + time.range(), refusalOf(() -> time.taker().accept(value)));
  }

  private static String refusalOf(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }

  private static Duration longest(Liveness liveness) {
    return liveness == Liveness.PROCESS ? LONGEST_PROCESS : LONGEST_HOST;
  }

  @ParameterizedTest
  @EnumSource
  void theLongestBudgetIsTaken(Liveness liveness) {
    Duration longest = longest(liveness);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(longest, liveness);
    assertEquals(liveness, options.liveness());
    assertTrue(options.worstCaseDetection().compareTo(longest) <= 0, options::toString);
  }

  @ParameterizedTest
  @EnumSource
  void aLongerBudgetIsRefusedByNameValueAndRange(Liveness liveness) {
    for (Duration more : List.of(NANOSECOND, DAY, Duration.ofDays(365_000))) {
      Duration budget = longest(liveness).plus(more);
      String message = refusalOf(() -> KeepaliveOptions.detectWithin(budget, liveness));
      assertTrue(message.startsWith("budget " + budget + " is not from 26 ms"), message);
      assertTrue(message.contains(" to " + longest(liveness)), message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBudgetBelowAllBoundsIsRefusedByName(Liveness liveness) {
    for (Duration budget : List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE))) {
      String message = refusalOf(() -> KeepaliveOptions.detectWithin(budget, liveness));
      assertTrue(message.startsWith("budget "), message);
      assertTrue(message.contains("the smallest budget is"), message);
    }
  }

  @Test
  void theSmallestBudgetOfThisMachineIsTaken() {
    Duration smallest = KeepaliveOptions.smallestBudget();
    assertDoesNotThrow(() -> KeepaliveOptions.detectWithin(smallest));
    assertThrows(
        IllegalArgumentException.class,
        () -> KeepaliveOptions.detectWithin(smallest.minus(NANOSECOND)));
  }

  @Test
  void anRtoMinThatOutlivesTheProbesDeadlineIsRefusedWithBothNames() {
    KeepaliveOptions solved = KeepaliveOptions.detectWithin(Duration.ofMillis(300));
    Duration deadline = solved.probeDeadline().orElseThrow();
    KeepaliveOptions.Builder mixed =
        KeepaliveOptions.builder()
            .probe(Duration.ofMillis(25), Duration.ofMillis(200))
            .rtoMin(Duration.ofMillis(200));
    String message = refusalOf(mixed::build);
    assertTrue(message.contains("deadline PT0.2S"), message);
    assertTrue(message.contains("rtoMin PT0.2S"), message);
    assertDoesNotThrow(() -> solved.toBuilder().rtoMin(deadline.dividedBy(2)).build());
    assertDoesNotThrow(() -> solved.toBuilder().build());
  }

  @Test
  void theSmallestDeadlineThatRtoMinLeavesIsTaken() {
    Duration rtoMin = Duration.ofMillis(50);
    Duration least = Duration.ofMillis(rtoMin.toMillis() + 1);
    while (!isTaken(least, rtoMin)) {
      least = least.plus(MILLISECOND);
    }
    Duration jiffies = least.minus(rtoMin);
    assertTrue(jiffies.compareTo(Duration.ofMillis(4)) >= 0, jiffies::toString);
    assertTrue(jiffies.compareTo(Duration.ofMillis(41)) <= 0, jiffies::toString);
  }

  private static boolean isTaken(Duration deadline, Duration rtoMin) {
    try {
      KeepaliveOptions.builder().probe(MILLISECOND, deadline).rtoMin(rtoMin).build();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void aFenceWithoutACommandIsRefused(String blank) {
    String refusal = "command \"" + blank + "\" is blank";
    assertEquals(refusal, refusalOf(() -> FenceGuard.shell(blank, DAY)));
    assertEquals(refusal, refusalOf(() -> FenceGuard.program(List.of(blank, "true"), DAY)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "65535, 2147483647"})
  void bothEndsOfPortsAndOfConnectTimeoutsAreTaken(int port, int timeoutMs) {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    assertThrows(
        ConnectException.class,
        () ->
            KeepaliveSocket.connect(
                nobody, KeepaliveOptions.defaults(), Duration.ofMillis(timeoutMs)));
  }

  @Test
  void theLongestWaitIsTaken() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    KeepaliveServer server = KeepaliveServer.open(anyPort);
    try (KeepaliveSocket link =
        KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults())) {
      server.close();
      Duration longest = Duration.ofMillis(Integer.MAX_VALUE);
      assertTrue(link.awaitFailure(longest).isPresent());
    }
  }
}
