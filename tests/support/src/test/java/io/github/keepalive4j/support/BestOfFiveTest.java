package io.github.keepalive4j.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BestOfFiveTest {
  private static final Duration PREDICTION = Duration.ofMillis(100);
  private static final int LATE = 111;

  private int runs;

  /** Runs that take these times, on a machine with pauses of this length. */
  private void requireWithin(int pauseMs, Stream<Integer> timesMs) throws Exception {
    Queue<Integer> left = new ArrayDeque<>(timesMs.toList());
    BestOfFive.requireWithin(
        PREDICTION,
        () -> {
          runs++;
          return Duration.ofMillis(left.remove());
        },
        () ->
            new Pauses() {
              @Override
              Duration longest() {
                return Duration.ofMillis(pauseMs);
              }
            });
  }

  private static Stream<Integer> late(int count) {
    return Collections.nCopies(count, LATE).stream();
  }

  @Test
  void theFirstRunInTimeIsTheLast() throws Exception {
    requireWithin(0, Stream.of(LATE, 110, LATE));
    assertEquals(2, runs);
  }

  @Test
  void fiveLateRunsFailOnAnIdleMachine() {
    AssertionError error = assertThrows(AssertionError.class, () -> requireWithin(4, late(20)));
    assertEquals(5, runs);
    assertTrue(error.getMessage().contains("PT0.111S"), error.getMessage());
    assertTrue(error.getMessage().contains("over PT0.11S"), error.getMessage());
    assertTrue(error.getMessage().endsWith("pause was PT0.004S"), error.getMessage());
  }

  @Test
  void aBusyMachineHasTwoMoreChances() throws Exception {
    requireWithin(5, Stream.concat(late(14), Stream.of(100)));
    assertEquals(15, runs);
  }

  @Test
  void fifteenLateRunsFailOnABusyMachineToo() {
    assertThrows(AssertionError.class, () -> requireWithin(50, late(20)));
    assertEquals(15, runs);
  }

  /** The kernel decides how long a busy machine keeps a thread waiting, so the test does it. */
  @Test
  void aSleepThatLastsTooLongIsAPause() throws Exception {
    Pauses pauses =
        new Pauses() {
          @Override
          void sleep(long ns) {
            super.sleep(ns + Pauses.OF_A_BUSY_MACHINE.toNanos());
          }
        };
    try (pauses) {
      pauses.begin();
      Eventually.await("a pause", () -> pauses.longest().compareTo(Pauses.OF_A_BUSY_MACHINE) >= 0);
    }
  }
}
