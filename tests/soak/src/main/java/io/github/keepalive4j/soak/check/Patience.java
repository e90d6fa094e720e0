package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.time.Duration;

/** How much silence a link bears, and when it gives up. */
final class Patience {
  /** How late a busy machine may send a probe or tell a failure, where that has to come. */
  static final long SLACK_NS = Duration.ofSeconds(3).toNanos();

  /** How late it may be where it would rather not have come. */
  static final long LATENESS_NS = Duration.ofMillis(1_500).toNanos();

  /** By which share of a probe's deadline a segment that is lost at its begin has come through. */
  private static final int BACKOFF = 3;

  private static final Duration TIMERS = Duration.ofMillis(300);

  private final long borneNs;
  private final long worstCaseNs;
  private final long intervalNs;

  private Patience(Duration borne, Duration worstCase, Duration interval) {
    borneNs = borne.toNanos();
    worstCaseNs = worstCase.toNanos();
    intervalNs = interval.toNanos();
  }

  static Patience of(Mechanism mechanism) {
    KeepaliveOptions options = mechanism.steadyOptions();
    Duration interval = options.probeInterval().orElse(options.interval());
    Duration borne =
        options
            .probeDeadline()
            .map(deadline -> deadline.dividedBy(BACKOFF))
            .orElseGet(() -> options.interval().multipliedBy(options.count() - 1L).minus(TIMERS));
    return new Patience(borne, options.worstCaseDetection(), interval);
  }

  /** Returns the longest silence that never ends a link. */
  long borneNs() {
    return borneNs;
  }

  /** Returns the shortest silence that always does. */
  long worstCaseNs() {
    return worstCaseNs;
  }

  /** Returns how far apart two silences are when what is between them is surely heard. */
  long apartNs() {
    return intervalNs + LATENESS_NS;
  }
}
