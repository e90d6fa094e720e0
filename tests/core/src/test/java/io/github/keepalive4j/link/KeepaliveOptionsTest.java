package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepaliveOptionsTest {
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress("198.18.0.1", 0);

  /** A parameter with the kernel's range. */
  private record Range(
      String name, long min, long max, LongFunction<KeepaliveOptions.Builder> setter) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static KeepaliveOptions.Builder builder() {
    return KeepaliveOptions.builder();
  }

  static final List<Range> ranges =
      List.of(
          new Range("idle", 1, 32_767, value -> builder().idle(Duration.ofSeconds(value))),
          new Range("interval", 1, 32_767, value -> builder().interval(Duration.ofSeconds(value))),
          new Range("count", 1, 127, value -> builder().count((int) value)),
          new Range(
              "userTimeout",
              0,
              Integer.MAX_VALUE,
              value -> builder().userTimeout(Duration.ofMillis(value))),
          new Range("synCount", 1, 127, value -> builder().synCount((int) value)),
          new Range("mark", 0, 0xFFFF_FFFFL, value -> builder().mark(value)),
          new Range("suspectAfter", 0, 127, value -> builder().suspectAfter((int) value)));

  @Test
  void theDefaultsAreTheOriginals() {
    KeepaliveOptions defaults = KeepaliveOptions.defaults();
    assertEquals(5, defaults.count());
    assertEquals(Duration.ofSeconds(1), defaults.idle());
    assertEquals(Duration.ofSeconds(1), defaults.interval());
    assertEquals("KeepaliveOptions[idle=1s, interval=1s, count=5]", defaults.toString());
    assertEquals(defaults, KeepaliveOptions.builder().build());
  }

  @Test
  void whatIsNotSetIsLeftToTheKernel() {
    KeepaliveOptions defaults = KeepaliveOptions.defaults();
    assertEquals(Optional.empty(), defaults.userTimeout());
    assertEquals(OptionalInt.empty(), defaults.synCount());
    assertFalse(defaults.noDelay());
    assertFalse(defaults.singleHop());
    assertFalse(defaults.failWithoutCarrier());
    assertEquals(Optional.empty(), defaults.device());
    assertEquals(Optional.empty(), defaults.sourceAddress());
    assertEquals(OptionalLong.empty(), defaults.mark());
    assertEquals(OptionalInt.empty(), defaults.suspectAfter());
  }

  @ParameterizedTest
  @FieldSource("ranges")
  void bothEndsOfTheRangeAreTaken(Range range) {
    assertNotEquals(
        range.setter().apply(range.min()).build(), range.setter().apply(range.max()).build());
  }

  @ParameterizedTest
  @FieldSource("ranges")
  void oneBelowIsRefusedByNameValueAndRange(Range range) {
    assertRefused(range, range.min() - 1);
  }

  @ParameterizedTest
  @FieldSource("ranges")
  void oneAboveIsRefusedByNameValueAndRange(Range range) {
    assertRefused(range, range.max() + 1);
  }

  private static void assertRefused(Range range, long value) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> range.setter().apply(value))
            .getMessage();
    assertTrue(message.startsWith(range.name() + " "), message);
    assertTrue(message.contains(shown(range, value)), message);
    assertTrue(message.endsWith("from " + range.min() + " to " + range.max()), message);
  }

  private static String shown(Range range, long value) {
    return switch (range.name()) {
      case "idle", "interval" -> Duration.ofSeconds(value).toString();
      case "userTimeout" -> Duration.ofMillis(value).toString();
      default -> Long.toString(value);
    };
  }

  @Test
  void fractionsThatTheKernelCannotHoldAreRefused() {
    Duration oneAndAHalf = Duration.ofMillis(1_500);
    Duration microseconds = Duration.ofNanos(1_500_000);
    assertThrows(IllegalArgumentException.class, () -> builder().idle(oneAndAHalf));
    assertThrows(IllegalArgumentException.class, () -> builder().interval(oneAndAHalf));
    assertThrows(IllegalArgumentException.class, () -> builder().userTimeout(microseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sixteen-bytes-xx", "fünfzehn-bytes-", "nul\0", "\0nul"})
  void deviceNamesThatCannotBeAreRefused(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> builder().device(name)).getMessage();
    assertTrue(message.startsWith("device \"" + name + "\" "), message);
    assertTrue(message.endsWith("1 to 15 bytes"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "fifteen-bytes-x"})
  void deviceNamesOfOneToFifteenBytesAreTaken(String name) {
    assertEquals(Optional.of(name), builder().device(name).build().device());
  }

  @Test
  void anUnresolvedSourceAddressIsRefused() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
    String message =
        assertThrows(IllegalArgumentException.class, () -> builder().sourceAddress(unresolved))
            .getMessage();
    assertTrue(message.contains("nowhere.invalid"), message);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 5, 6", "1, 1, 1, 2", "10, 3, 4, 22", "32767, 32767, 127, 4194176"})
  void withoutUserTimeoutTheCountDecides(int idle, int interval, int count, long expectedSeconds) {
    KeepaliveOptions options = probing(idle, interval, count).build();
    assertEquals(late(Duration.ofSeconds(expectedSeconds)), options.worstCaseDetection());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 6000",
    "1, 1, 1, 2000",
    "1, 1, 2000, 2000",
    "1, 1, 2001, 3000",
    "1, 1, 2500, 3000",
    "1, 1, 60000, 60000",
    "10, 3, 5000, 13000",
    "10, 3, 13000, 13000",
    "10, 3, 13001, 16000"
  })
  void withUserTimeoutTheFirstTickPastItDecides(
      int idle, int interval, long userTimeoutMs, long expectedMs) {
    KeepaliveOptions options =
        probing(idle, interval, 5).userTimeout(Duration.ofMillis(userTimeoutMs)).build();
    assertEquals(late(Duration.ofMillis(expectedMs)), options.worstCaseDetection());
  }

  /** The kernel's timer wheel fires late by up to an eighth. */
  private static Duration late(Duration nominal) {
    return nominal.plus(nominal.dividedBy(8));
  }

  private static KeepaliveOptions.Builder probing(int idle, int interval, int count) {
    return builder()
        .idle(Duration.ofSeconds(idle))
        .interval(Duration.ofSeconds(interval))
        .count(count);
  }

  private static KeepaliveOptions everything() {
    return probing(2, 3, 4)
        .userTimeout(Duration.ofMillis(5))
        .synCount(6)
        .noDelay(true)
        .device("lo")
        .sourceAddress(ANY_PORT)
        .mark(7)
        .suspectAfter(8)
        .build();
  }

  @Test
  void toBuilderHoldsEveryOption() {
    assertEquals(everything(), everything().toBuilder().build());
    assertEquals(everything().hashCode(), everything().toBuilder().build().hashCode());
  }

  @Test
  void everyOptionCountsForEquality() {
    List<KeepaliveOptions> others =
        List.of(
            everything().toBuilder().idle(Duration.ofSeconds(9)).build(),
            everything().toBuilder().interval(Duration.ofSeconds(9)).build(),
            everything().toBuilder().count(9).build(),
            everything().toBuilder().userTimeout(Duration.ZERO).build(),
            everything().toBuilder().synCount(9).build(),
            everything().toBuilder().noDelay(false).build(),
            everything().toBuilder().device("eth0").build(),
            everything().toBuilder().sourceAddress(new InetSocketAddress("fd00::1", 0)).build(),
            everything().toBuilder().mark(9).build(),
            everything().toBuilder().failWithoutCarrier(true).build(),
            everything().toBuilder().suspectAfter(9).build());
    for (KeepaliveOptions other : others) {
      assertNotEquals(everything(), other);
    }
    assertTrue(others.stream().map(KeepaliveOptions::hashCode).distinct().count() > 1);
  }

  @Test
  void aSwitchThatIsOffIsLikeOneThatWasNotSet() {
    KeepaliveOptions off =
        builder().noDelay(false).singleHop(false).failWithoutCarrier(false).build();
    assertEquals(KeepaliveOptions.defaults(), off);
    assertEquals(KeepaliveOptions.defaults().toString(), off.toString());
    KeepaliveOptions on = builder().noDelay(true).singleHop(true).failWithoutCarrier(true).build();
    assertEquals(on, on.toBuilder().build());
    assertTrue(on.failWithoutCarrier());
    assertTrue(on.noDelay());
    assertTrue(on.singleHop());
    assertTrue(
        on.toString().contains("noDelay=true, singleHop=true, failWithoutCarrier=true"),
        on::toString);
  }

  @Test
  void toStringNamesEveryOptionThatIsSet() {
    assertEquals(
        "KeepaliveOptions[idle=2s, interval=3s, count=4, userTimeout=5ms, synCount=6, noDelay=true,"
            + " device=lo, sourceAddress=/198.18.0.1:0, mark=7, suspectAfter=8]",
        everything().toString());
  }

  @Test
  void aBuilderUsedOnLeavesWhatItBuilt() {
    KeepaliveOptions.Builder builder = builder().count(7);
    KeepaliveOptions built = builder.build();
    builder.count(8);
    assertEquals(7, built.count());
  }
}
