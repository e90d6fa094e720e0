package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Durations in words. */
class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1000, 1 s",
    "1099, 1 s",
    "6149, 6.1 s",
    "9999, 9.9 s",
    "10999, 10 s",
    "59999, 59 s",
    "60000, 1 min",
    "924800, 15 min 24 s",
    "3600000, 1 h",
    "7875000, 2 h 11 min",
    "86400000, 1 d",
    "97200000, 1 d 3 h"
  })
  void aTimeHasItsTwoLargestUnits(long ms, String text) {
    assertEquals(text, TimeText.of(Duration.ofMillis(ms)));
  }
}
