package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tries every option that has a range just below, at and just above each bound. */
class BoundsTest {
  private static final Duration LONGEST = Duration.ofHours(1);

  private record Time(String name, long minMs, Consumer<Duration> taker) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Time> times =
      List.of(
          new Time("acknowledgeTimeout", 0, time -> builder("vm1").acknowledgeTimeout(time)),
          new Time("releaseTimeout", 0, time -> builder("vm1").releaseTimeout(time)),
          new Time("sessionTimeout", 100, time -> builder("vm1").sessionTimeout(time)),
          new Time("requestTimeout", 1, time -> builder("vm1").requestTimeout(time)));

  private static ZooKeeperGuard.Builder builder(String sourceId) {
    return ZooKeeperGuard.builder("x", sourceId);
  }

  @ParameterizedTest
  @FieldSource("times")
  void aTimeIsAcceptedOnlyWithinItsRange(Time time) {
    Duration shortest = Duration.ofMillis(time.minMs());
    time.taker().accept(shortest);
    time.taker().accept(LONGEST);
    for (Duration value : List.of(shortest.minusNanos(1), LONGEST.plusNanos(1))) {
      assertEquals(
          time.name() + " " + value + " is not from " + time.minMs() + " ms to 1 hour",
          refusalOf(() -> time.taker().accept(value)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 128})
  void aSourceIdOfOneOr128LettersIsAccepted(int length) {
    assertNotNull(builder("a".repeat(length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129})
  void aShorterOrLongerSourceIdIsRefused(int length) {
    assertRefused("a".repeat(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "..", ".a", "a b"})
  void aSourceIdThatIsNoNodeNameIsRefused(String sourceId) {
    assertRefused(sourceId);
  }

  private static void assertRefused(String sourceId) {
    String message = refusalOf(() -> builder(sourceId));
    assertTrue(message.startsWith("sourceId \"" + sourceId + "\" is not 1 to 128 "), message);
  }

  private static String refusalOf(Runnable call) {
    return assertThrows(IllegalArgumentException.class, call::run).getMessage();
  }
}
