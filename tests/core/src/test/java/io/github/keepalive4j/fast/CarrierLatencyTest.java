package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The time from a lost carrier to the callback, on links of 1.2 s up to an age. Measure it on a
 * quiet machine with {@code -Dkeepalive4j.carrier.rounds=50 -Dkeepalive4j.carrier.age=20}; it
 * prints each percentile.
 */
@RequiresLab
class CarrierLatencyTest {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.carrier.rounds", 3);
  private static final int MOST_AGE_S = Integer.getInteger("keepalive4j.carrier.age", 2);

  /** The kernel reports a second change within a second only after that: linkwatch_nextevent. */
  private static final double LEAST_AGE_S = 1.2;

  /** For any machine. The kernel may report a loss 1 s late. */
  private static final Duration BOUND = Duration.ofSeconds(2);

  private final Random random = new Random(16);
  private final List<Double> sinceCommandMs = new ArrayList<>();
  private final List<Double> sinceVerdictMs = new ArrayList<>();

  @Test
  void theCallbackFollowsTheLoss() throws Exception {
    try (Testbed lab = Testbed.open()) {
      for (int i = 0; i < ROUNDS; i++) {
        lose(lab);
      }
    }
    System.out.println("command's end to callback, ms: " + percentiles(sinceCommandMs));
    System.out.println("verdict to callback, ms: " + percentiles(sinceVerdictMs));
    assertEquals(ROUNDS, sinceCommandMs.size());
    assertTrue(Collections.max(sinceCommandMs) < BOUND.toMillis(), sinceCommandMs::toString);
  }

  /**
   * The command takes longer than the loss: the kernel reports that only when the command is done.
   */
  private void lose(Testbed lab) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().failWithoutCarrier(true).build();
    CompletableFuture<Failure> failed = new CompletableFuture<>();
    var link = lab.connect(options);
    lab.backup()
        .call(() -> lab.monitor().watch(link, failover -> failed.complete(failover.failure())));
    double age = LEAST_AGE_S + random.nextDouble() * (MOST_AGE_S - LEAST_AGE_S);
    TimeUnit.MILLISECONDS.sleep((long) (age * 1_000));
    try (Fault down = lab.source().linkDown()) {
      Failure failure = failed.get(BOUND.toSeconds(), TimeUnit.SECONDS);
      assertEquals(FailureCause.NO_CARRIER, failure.cause());
      sinceCommandMs.add((failure.callbackNs() - down.effectiveNs()) / 1e6);
      sinceVerdictMs.add((failure.callbackNs() - failure.verdictNs()) / 1e6);
    }
  }

  private static String percentiles(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return String.format(
        "p50 %.2f, p99 %.2f, max %.2f of %d",
        sorted.get(sorted.size() / 2),
        sorted.get((int) (0.99 * (sorted.size() - 1))),
        sorted.get(sorted.size() - 1),
        sorted.size());
  }
}
