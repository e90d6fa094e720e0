package io.github.keepalive4j.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Queue;
import java.util.stream.IntStream;
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

  /** More threads that spin than there are CPUs keep others waiting. */
  @Test
  void spinningThreadsMakeAPause() throws Exception {
    Thread[] spinning =
        IntStream.range(0, 4 * Runtime.getRuntime().availableProcessors())
            .mapToObj(i -> new Thread(BestOfFiveTest::spin))
            .toArray(Thread[]::new);
    try (Pauses pauses = Pauses.watch()) {
      for (Thread thread : spinning) {
        thread.start();
      }
      Eventually.await("a pause", () -> pauses.longest().compareTo(Pauses.OF_A_BUSY_MACHINE) >= 0);
    } finally {
      for (Thread thread : spinning) {
        thread.interrupt();
      }
    }
  }

  private static void spin() {
    while (!Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }
}
