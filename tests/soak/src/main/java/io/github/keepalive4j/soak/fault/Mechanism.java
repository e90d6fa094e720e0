package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import java.time.Duration;

/** How a link of the matrix detects: soon, so that the matrix doesn't take long. */
@SuppressWarnings("ImmutableEnumChecker") // KeepaliveOptions are immutable
public enum Mechanism {
  KEEPALIVE(KeepaliveOptions.builder().count(3).build()),
  FAST(KeepaliveOptions.detectWithin(Duration.ofMillis(200))),
  PROCESS(KeepaliveOptions.detectWithin(Duration.ofMillis(200), Liveness.PROCESS));

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration STEADY_BUDGET = Duration.ofMillis(500);

  private final KeepaliveOptions options;

  Mechanism(KeepaliveOptions options) {
    this.options = options;
  }

  public KeepaliveOptions options() {
    return options;
  }

  /**
   * Returns options that suspect soon and give up late: long enough for all kinds of links to be
   * suspected at once, and heard again after the kernel's backoff.
   */
  public KeepaliveOptions patientOptions() {
    KeepaliveOptions.Builder patient = options.toBuilder().suspectAfter(1);
    return this == KEEPALIVE
        ? patient.count((int) PATIENCE.toSeconds()).build()
        : patient
            .probe(Duration.ofSeconds(1), PATIENCE)
            .userTimeout(PATIENCE.multipliedBy(2))
            .build();
  }

  /**
   * Returns options that a busy machine doesn't try beyond their patience: twice as much for a
   * process's answer as for a kernel's.
   */
  public KeepaliveOptions steadyOptions() {
    return switch (this) {
      case KEEPALIVE -> options;
      case FAST -> KeepaliveOptions.detectWithin(STEADY_BUDGET);
      case PROCESS ->
          KeepaliveOptions.detectWithin(STEADY_BUDGET.multipliedBy(2), Liveness.PROCESS);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
