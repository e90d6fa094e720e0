package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The budget that {@code detectWithin} solves, and what it says of it. */
class BudgetTest {
  private static final Duration LEAST_KEEPALIVE = Duration.ofMillis(3_375);
  private static final Duration HOURS = Duration.ofHours(20);
  private static final Pattern SMALLEST = Pattern.compile("the smallest budget is (\\d+) ms");

  private final Random random = new Random(4);

  @ParameterizedTest
  @EnumSource
  void aSolvedBudgetIsKept(Liveness liveness) {
    long smallestNs = smallest(liveness).toNanos();
    double octaves = Math.log((double) HOURS.toNanos() / smallestNs);
    for (int i = 0; i < 20_000; i++) {
      Duration budget =
          Duration.ofNanos((long) (smallestNs * Math.exp(octaves * random.nextDouble())));
      KeepaliveOptions options = KeepaliveOptions.detectWithin(budget, liveness);
      assertTrue(
          options.worstCaseDetection().compareTo(budget) <= 0, () -> budget + ": " + options);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProbeHasTimeToBeSentAgain(Liveness liveness) {
    KernelTimers timers = Providers.get().kernelTimers();
    for (int ms = (int) smallest(liveness).toMillis(); ms < LEAST_KEEPALIVE.toMillis(); ms++) {
      KeepaliveOptions options = KeepaliveOptions.detectWithin(Duration.ofMillis(ms), liveness);
      assertTrue(
          options.probeDeadline().orElseThrow().compareTo(timers.lossProbe(Duration.ofMillis(1)))
              > 0,
          options::toString);
      assertTrue(
          options.userTimeout().orElseThrow().compareTo(options.probeDeadline().orElseThrow()) > 0,
          options::toString);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1000000, -1.0",
    "0, 0.0",
    "1, 1.0E-6",
    "1500000, 1.5",
    "10000000, 10.0",
    "15000000, 15.0"
  })
  void aBudgetThatCannotBeKeptIsRefusedWithTheReason(long ns, String ms) {
    String message = refusalOf(Duration.ofNanos(ns), Liveness.HOST);
    boolean hasOption = Providers.get().kernelTimers().rtoMinUs() > 0;
    assertTrue(
        message.startsWith(
            "budget "
                + ms
                + " ms can't survive the loss of one segment: Linux "
                + System.getProperty("os.version")
                + (hasOption ? " even with" : " without")
                + " TCP_RTO_MIN_US"),
        message);
    assertTrue(SMALLEST.matcher(message).find(), message);
  }

  @ParameterizedTest
  @EnumSource
  void theSmallestBudgetThatARefusalNamesIsAccepted(Liveness liveness) {
    Duration smallest = smallest(liveness);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(smallest, liveness);
    assertTrue(options.worstCaseDetection().compareTo(smallest) <= 0, options::toString);
    assertEquals(smallest, smallestNamedIn(refusalOf(smallest.minusNanos(1), liveness)));
  }

  @Test
  void aFewJiffiesAreKeptWhereTheKernelRetransmitsSoon() {
    KernelTimers timers = Providers.get().kernelTimers();
    boolean soon = timers.rtoMinUs() > 0 && timers.jiffyUs() <= 4_000;
    assertEquals(soon, smallest(Liveness.HOST).toMillis() <= 26, timers::toString);
  }

  @Test
  void aBudgetBeyondWhatKeepaliveReachesIsRefused() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> KeepaliveOptions.detectWithin(Duration.ofDays(365)));
    assertTrue(refusal.getMessage().contains("is not from 26 ms"), refusal::getMessage);
  }

  @Test
  void keepaliveAloneKeepsTheLongerBudgetsOfAHost() {
    KeepaliveOptions slow = KeepaliveOptions.detectWithin(LEAST_KEEPALIVE);
    assertTrue(slow.probeInterval().isEmpty(), slow::toString);
    assertTrue(slow.count() >= 2, slow::toString);
    assertTrue(slow.userTimeout().isEmpty(), slow::toString);
    KeepaliveOptions fast = KeepaliveOptions.detectWithin(LEAST_KEEPALIVE.minusNanos(1));
    assertTrue(fast.probeInterval().isPresent(), fast::toString);
  }

  @Test
  void aProcessIsAlwaysProbed() {
    KeepaliveOptions options = KeepaliveOptions.detectWithin(HOURS, Liveness.PROCESS);
    assertTrue(options.probeInterval().isPresent(), options::toString);
    assertEquals(Liveness.PROCESS, options.liveness());
  }

  @Test
  void theOptionsStateWhatWasChosen() {
    String text = KeepaliveOptions.detectWithin(Duration.ofSeconds(1), Liveness.PROCESS).toString();
    assertTrue(text.contains("userTimeout=2000ms"), text);
    assertTrue(text.contains("probeInterval=250000us"), text);
    assertTrue(text.contains("probeDeadline=747000us"), text);
    assertTrue(text.contains("liveness=PROCESS"), text);
    assertTrue(text.contains("noDelay=true"), text);
    assertFalse(KeepaliveOptions.detectWithin(HOURS).toString().contains("probe"));
  }

  @Test
  void theKernelHasTheChosenOptions() throws Exception {
    Duration budget = Duration.ofMillis(500);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(budget);
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer server = KeepaliveServer.open(loopback);
        KeepaliveSocket link = KeepaliveSocket.connect(server.localAddress(), options)) {
      KeepaliveOptions effective = link.effectiveOptions();
      assertEquals(Duration.ZERO, effective.userTimeout().orElseThrow(), "nobody observes it");
      assertTrue(effective.noDelay());
      KernelTimers timers = Providers.get().kernelTimers();
      assertEquals(wholeJiffies(timers), effective.rtoMin().map(Duration::toNanos).orElse(0L));
    }
  }

  private static long wholeJiffies(KernelTimers timers) {
    int jiffies = (timers.rtoMinUs() + timers.jiffyUs() - 1) / timers.jiffyUs();
    return 1_000L * jiffies * timers.jiffyUs();
  }

  private static Duration smallest(Liveness liveness) {
    return smallestNamedIn(refusalOf(Duration.ofMillis(1), liveness));
  }

  private static String refusalOf(Duration budget, Liveness liveness) {
    return assertThrows(
            IllegalArgumentException.class, () -> KeepaliveOptions.detectWithin(budget, liveness))
        .getMessage();
  }

  private static Duration smallestNamedIn(String refusal) {
    Matcher smallest = SMALLEST.matcher(refusal);
    assertTrue(smallest.find(), refusal);
    return Duration.ofMillis(Long.parseLong(smallest.group(1)));
  }
}
