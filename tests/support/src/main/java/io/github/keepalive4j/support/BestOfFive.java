package io.github.keepalive4j.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;

/**
 * Holds something to the time predicted for it. A busy machine delays any single run, so the best
 * of five decides: it shows how long the thing takes where nothing else is in its way. Where even
 * the best is late and the machine was busy, five more runs decide, at most twice.
 */
public final class BestOfFive {
  /** By how much the best run may exceed the prediction. */
  public static final Duration SLACK = Duration.ofMillis(10);

  private static final int RUNS = 5;
  private static final int RETRIES = 2;

  /** Does something and returns how long it took. */
  public interface Run {
    Duration time() throws Exception;
  }

  private final Duration limit;
  private final Run run;
  private final List<Duration> times = new ArrayList<>();

  private BestOfFive(Duration limit, Run run) {
    this.limit = limit;
    this.run = run;
  }

  /** Requires a time within the prediction and {@link #SLACK}. The first such run is the last. */
  public static void requireWithin(Duration prediction, Run run) throws Exception {
    requireWithin(prediction, run, Pauses::watch);
  }

  static void requireWithin(Duration prediction, Run run, Supplier<Pauses> pauses)
      throws Exception {
    new BestOfFive(prediction.plus(SLACK), run).require(pauses);
  }

  private void require(Supplier<Pauses> watch) throws Exception {
    Duration longest = Duration.ZERO;
    for (int retries = 0; retries <= RETRIES; retries++) {
      try (Pauses pauses = watch.get()) {
        if (isOneInTime()) {
          return;
        }
        longest = pauses.longest();
      }
      if (longest.compareTo(Pauses.OF_A_BUSY_MACHINE) < 0) {
        break;
      }
    }
    Assertions.fail(
        "the best of %s is over %s; the machine's longest pause was %s"
            .formatted(times, limit, longest));
  }

  private boolean isOneInTime() throws Exception {
    for (int i = 0; i < RUNS; i++) {
      Duration time = run.time();
      times.add(time);
      if (time.compareTo(limit) <= 0) {
        return true;
      }
    }
    return false;
  }
}
