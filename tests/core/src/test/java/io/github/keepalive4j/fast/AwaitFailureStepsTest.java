package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that awaits a failure in short steps. 0 ms stands for classify(), called each ms. */
@InLab
class AwaitFailureStepsTest {
  private static final Duration BUDGET = Duration.ofMillis(100);

  /** For a machine that others use too. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @ParameterizedTest
  @ValueSource(ints = {50, 1, 0})
  void shortStepsFindAHungProcessWithinTheBudget(int stepMs) throws Exception {
    AtomicBoolean healthy = new AtomicBoolean(true);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET, Liveness.PROCESS);
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(healthy::get))) {
      requireWithinTheBudget(
          stepMs,
          () -> {
            healthy.set(true);
            try (KeepaliveSocket link = lab.connect(options)) {
              assertHealthyFor(BUDGET.multipliedBy(3), link, stepMs);
              long unhealthyNs = System.nanoTime();
              healthy.set(false);
              Failure failure = awaitInSteps(link, stepMs, unhealthyNs);
              assertEquals(FailureCause.HUNG, failure.cause());
              return Duration.ofNanos(failure.callbackNs() - unhealthyNs);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 1, 0})
  void shortStepsFindASilentHostWithinTheBudget(int stepMs) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET);
    try (Testbed lab = Testbed.open()) {
      requireWithinTheBudget(
          stepMs,
          () -> {
            try (KeepaliveSocket link = lab.connect(options)) {
              assertHealthyFor(BUDGET.multipliedBy(3), link, stepMs);
              try (Fault cut = lab.source().dropIncoming()) {
                Failure failure = awaitInSteps(link, stepMs, cut.startedNs());
                assertEquals(FailureCause.TIMED_OUT, failure.cause());
                assertEquals(
                    Optional.empty(),
                    failure.errnoName(),
                    "a probe's deadline, not a kernel's timer");
                return Duration.ofNanos(failure.callbackNs() - cut.startedNs());
              }
            }
          });
    }
  }

  /** The caller notices when its step ends, if not before. */
  private static void requireWithinTheBudget(int stepMs, BestOfFive.Run run) throws Exception {
    BestOfFive.requireWithin(BUDGET.plusMillis(stepMs), run);
  }

  private static Optional<Failure> step(KeepaliveSocket link, int stepMs) throws Exception {
    if (stepMs > 0) {
      return link.awaitFailure(Duration.ofMillis(stepMs));
    }
    Thread.sleep(1);
    return link.classify();
  }

  private static void assertHealthyFor(Duration time, KeepaliveSocket link, int stepMs)
      throws Exception {
    long endNs = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < endNs) {
      assertEquals(Optional.empty(), step(link, stepMs));
    }
  }

  private static Failure awaitInSteps(KeepaliveSocket link, int stepMs, long sinceNs)
      throws Exception {
    Optional<Failure> failure = Optional.empty();
    while (failure.isEmpty() && System.nanoTime() - sinceNs < PATIENCE.toNanos()) {
      failure = step(link, stepMs);
    }
    long tookNs = failure.orElseThrow().callbackNs() - sinceNs;
    assertTrue(tookNs <= BUDGET.plus(SLACK).toNanos(), () -> tookNs / 1e6 + " ms");
    return failure.get();
  }
}
