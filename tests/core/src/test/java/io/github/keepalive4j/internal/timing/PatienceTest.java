package io.github.keepalive4j.internal.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a source's patience is solved into options. */
class PatienceTest {
  @Test
  void theDefaultPatienceIsHalfAnHour() {
    KeepaliveOptions options = Patience.withUserTimeout(Patience.DEFAULT);
    assertEquals(Duration.ofMinutes(1), options.idle());
    assertEquals(Duration.ofMinutes(1), options.interval());
    assertEquals(32, options.count());
    assertEquals(Optional.of(Duration.ofMinutes(33)), options.userTimeout());
  }

  /** By the count as without a user timeout, and by the first probe due at or past that. */
  @ParameterizedTest
  @CsvSource({"PT3S", "PT3.5S", "PT6S", "PT29S", "PT59S", "PT61S", "PT30M", "PT35M7S", "PT24H"})
  void keepaliveEndsALinkSoonAfterButNoneThatIsBackInTime(Duration shedAfter) {
    KeepaliveOptions options = Patience.withUserTimeout(shedAfter);
    Duration seventh = shedAfter.dividedBy(7);
    Duration latest = shedAfter.plus(max(Duration.ofSeconds(5), seventh));
    Duration backAt = options.idle().plus(shedAfter); // it was cut before it could answer
    Duration late = options.idle().dividedBy(8); // the kernel's timers
    Duration least = backAt.plus(options.interval()).plus(late.multipliedBy(2));
    assertBetween(least, byCount(options), latest);
    assertBetween(least, byUserTimeout(options), latest);
    assertTrue(options.userTimeout().orElseThrow().compareTo(least) >= 0);
  }

  private static Duration byCount(KeepaliveOptions options) {
    return options.idle().plus(options.interval().multipliedBy(options.count()));
  }

  private static Duration byUserTimeout(KeepaliveOptions options) {
    Duration tick = options.idle().plus(options.interval());
    while (tick.compareTo(options.userTimeout().orElseThrow()) < 0) {
      tick = tick.plus(options.interval());
    }
    return tick;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static void assertBetween(Duration min, Duration value, Duration max) {
    assertTrue(value.compareTo(min) >= 0 && value.compareTo(max) <= 0, value::toString);
  }
}
