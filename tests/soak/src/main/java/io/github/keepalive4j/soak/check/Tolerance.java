package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.time.Duration;

/** How much silence a link tolerates, and after how much it fails. */
final class Tolerance {
  /** How late a busy machine may send a probe or report a failure that the model requires. */
  static final long SLACK_NS = Duration.ofSeconds(3).toNanos();

  /** How late a failure may be reported that the model permits but does not require. */
  static final long LATENESS_NS = Duration.ofMillis(1_500).toNanos();

  /** TCP gets a lost segment through within this fraction of a probe's deadline. */
  private static final int BACKOFF = 3;

  private static final Duration TIMERS = Duration.ofMillis(300);

  private final long toleratedNs;
  private final long worstCaseNs;
  private final long intervalNs;

  private Tolerance(Duration tolerated, Duration worstCase, Duration interval) {
    toleratedNs = tolerated.toNanos();
    worstCaseNs = worstCase.toNanos();
    intervalNs = interval.toNanos();
  }

  static Tolerance of(Mechanism mechanism) {
    KeepaliveOptions options = mechanism.soakOptions();
    Duration interval = options.probeInterval().orElse(options.interval());
    Duration tolerated =
        options
            .probeDeadline()
            .map(deadline -> deadline.dividedBy(BACKOFF))
            .orElseGet(() -> options.interval().multipliedBy(options.count() - 1L).minus(TIMERS));
    return new Tolerance(tolerated, options.worstCaseDetection(), interval);
  }

  /** Returns the longest silence that never ends a link. */
  long toleratedNs() {
    return toleratedNs;
  }

  /** Returns the shortest silence that always ends a link. */
  long worstCaseNs() {
    return worstCaseNs;
  }

  /** Returns the shortest pause between two silences in which the link surely hears something. */
  long apartNs() {
    return intervalNs + LATENESS_NS;
  }
}
