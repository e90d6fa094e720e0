package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Tests every option that has a range: just below, at and just above each bound. */
class BoundsTest {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  private record Time(String name, Consumer<Duration> taker) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Count(String name, int min, int max, IntConsumer taker) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Time> times =
      List.of(
          new Time("connectTimeout", time -> QmpOptions.builder().connectTimeout(time)),
          new Time("commandTimeout", time -> QmpOptions.builder().commandTimeout(time)),
          new Time("first backoff", time -> QmpSessionOptions.builder().backoff(time, LONGEST)),
          new Time("check interval", time -> QmpSessionOptions.builder().check(time, SHORTEST)),
          new Time("check timeout", time -> QmpSessionOptions.builder().check(LONGEST, time)));

  static final List<Count> counts =
      List.of(
          new Count(
              "maxReplyBytes", 1_024, 1 << 30, bytes -> QmpOptions.builder().maxReplyBytes(bytes)),
          new Count(
              "port of QMP address", 1, 65_535, port -> QmpAddress.parse("tcp:[::1]:" + port)));

  @ParameterizedTest
  @FieldSource("times")
  void acceptsATimeWithinItsRangeOnly(Time time) {
    assertDoesNotThrow(() -> time.taker().accept(SHORTEST));
    assertDoesNotThrow(() -> time.taker().accept(LONGEST));
    for (Duration value : List.of(SHORTEST.minusNanos(1), LONGEST.plusNanos(1))) {
      assertRefused(
          time.name() + ": " + value + ", must be between PT0.001S and PT24H",
          () -> time.taker().accept(value));
    }
  }

  @ParameterizedTest
  @FieldSource("counts")
  void acceptsANumberWithinItsRangeOnly(Count count) {
    assertDoesNotThrow(() -> count.taker().accept(count.min()));
    assertDoesNotThrow(() -> count.taker().accept(count.max()));
    for (int value : new int[] {count.min() - 1, count.max() + 1}) {
      assertRefused(
          count.name() + ": " + value + ", must be between " + count.min() + " and " + count.max(),
          () -> count.taker().accept(value));
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
