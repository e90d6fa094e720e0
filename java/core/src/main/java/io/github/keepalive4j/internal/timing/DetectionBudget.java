package io.github.keepalive4j.internal.timing;

import io.github.keepalive4j.Liveness;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Chooses options for a detection budget, so that the loss of any single segment is survived.
 *
 * <p>Keepalive alone takes whole seconds and two probes. Smaller budgets take stop-and-wait probes.
 * A source that is cut off right after an acknowledgement is probed again after an interval and
 * given up a deadline later. Within the deadline, the kernel's loss probe (RFC 8985, section 7)
 * must have replaced a lost probe or acknowledgement.
 */
public final class DetectionBudget {
  private static final Duration LONGEST_KEEPALIVE = KeepaliveTiming.worstCase(32_767, 32_767, 127);

  /** Three quarters of it are the probe's deadline, which is at most a day. */
  private static final Duration LONGEST_PROBED = Duration.ofHours(32);

  public static final Duration LEAST_KEEPALIVE = KeepaliveTiming.worstCase(1, 1, 2);
  private static final Duration LEAST_INTERVAL = Duration.ofMillis(2);

  /** What a network of one's own takes at most, and what a budget leaves for it. */
  private static final Duration ROUND_TRIP = Duration.ofMillis(1);

  private static final int PREFERRED_COUNT = 5;

  /** The interval's divisor of a probing budget: recovery from a loss needs most of it. */
  private static final int INTERVAL_SHARE = 4;

  private final Duration budget;
  private final Liveness liveness;

  /** The kernel's keepalive that keeps a budget: the seconds are its idle time and its interval. */
  public record Keepalive(Duration seconds, int count) {}

  /** The probes that keep a budget; {@code rtoMin} is empty where the kernel has no such option. */
  public record Probes(
      Duration interval, Duration deadline, Duration userTimeout, Optional<Duration> rtoMin) {}

  public DetectionBudget(Duration budget, Liveness liveness) {
    Objects.requireNonNull(liveness, "liveness");
    Duration longest = liveness == Liveness.HOST ? LONGEST_KEEPALIVE : LONGEST_PROBED;
    if (Objects.requireNonNull(budget, "budget").compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "budget "
              + budget
              + " is not from 26 ms (on Linux 6.15 and later) to "
              + longest
              + " with liveness "
              + liveness);
    }
    this.budget = budget;
    this.liveness = liveness;
  }

  /** Returns the smallest budget that probes keep on such a kernel. */
  public static Duration least(KernelTimers timers) {
    return leastDeadline(timers).plus(LEAST_INTERVAL).plus(ProbeTiming.LATENESS);
  }

  /**
   * Refuses a deadline that passes before a lost probe has been made good.
   *
   * @param kernel this kernel's timers
   */
  public static void requireSurvivable(Duration deadline, Duration rtoMin, KernelTimers kernel) {
    Duration least = leastDeadline(kernel.withRtoMin(rtoMin));
    if (deadline.compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "the probes' deadline "
              + deadline
              + " can't survive the loss of one segment with rtoMin "
              + rtoMin
              + ": it takes a deadline of "
              + least
              + " and more");
    }
  }

  /** Returns the shortest deadline within which a lost probe is sent again and acknowledged. */
  public static Duration leastDeadline(KernelTimers timers, Duration roundTrip) {
    return timers.lossProbe(roundTrip).plus(roundTrip);
  }

  private static Duration leastDeadline(KernelTimers timers) {
    return leastDeadline(timers, ROUND_TRIP);
  }

  /** Tells whether the kernel's keepalive alone keeps the budget. */
  public boolean isKeptByKeepalive() {
    return liveness == Liveness.HOST && budget.compareTo(LEAST_KEEPALIVE) >= 0;
  }

  public Keepalive solveKeepalive() {
    int count = PREFERRED_COUNT;
    while (KeepaliveTiming.worstCase(1, 1, count).compareTo(budget) > 0) {
      count--;
    }
    while (secondsFor(count) > 32_767) {
      count++;
    }
    return new Keepalive(Duration.ofSeconds(secondsFor(count)), count);
  }

  /** Returns the greatest idle time and interval with which so many probes keep the budget. */
  private long secondsFor(int count) {
    return budget.dividedBy(KeepaliveTiming.worstCase(1, 1, count));
  }

  public Probes solveProbes(KernelTimers timers) {
    if (budget.compareTo(least(timers)) < 0) {
      throw new IllegalArgumentException(refusal(timers));
    }
    Duration spare = budget.minus(ProbeTiming.LATENESS).minus(leastDeadline(timers));
    Duration interval = interval(spare.minus(timers.jiffy()));
    Duration deadline = budget.minus(ProbeTiming.LATENESS).minus(interval);
    Duration userTimeout = Duration.ofMillis(budget.multipliedBy(2).toMillis());
    return new Probes(interval, deadline, userTimeout, timers.rtoMin());
  }

  /** Returns a quarter of the budget, or what the deadline and a jiffy leave if less. */
  private Duration interval(Duration spare) {
    Duration share = budget.dividedBy(INTERVAL_SHARE);
    Duration interval = share.compareTo(spare) < 0 ? share : spare;
    return interval.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : interval;
  }

  private String refusal(KernelTimers timers) {
    String option =
        timers.rtoMinUs() == 0 ? "without TCP_RTO_MIN_US (since 6.15)" : "even with TCP_RTO_MIN_US";
    return "budget "
        + (budget.getSeconds() * 1e3 + budget.getNano() / 1e6)
        + " ms can't survive the loss of one segment: Linux "
        + System.getProperty("os.version")
        + " "
        + option
        + " sends it again after up to "
        + timers.lossProbe(ROUND_TRIP).toMillis()
        + " ms; the smallest budget is "
        + least(timers).toMillis()
        + " ms";
  }
}
