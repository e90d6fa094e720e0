package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import java.time.Duration;

/** How a link detects a failure. The matrix uses short budgets, so that it doesn't take long. */
@SuppressWarnings("ImmutableEnumChecker") // KeepaliveOptions is immutable
public enum Mechanism {
  KEEPALIVE(KeepaliveOptions.builder().count(3).build()),
  FAST(KeepaliveOptions.detectWithin(Duration.ofMillis(200))),
  PROCESS(KeepaliveOptions.detectWithin(Duration.ofMillis(200), Liveness.PROCESS));

  private static final Duration LONG_DEADLINE = Duration.ofSeconds(15);

  private static final Duration SOAK_BUDGET = Duration.ofMillis(500);

  private final KeepaliveOptions options;

  Mechanism(KeepaliveOptions options) {
    this.options = options;
  }

  public KeepaliveOptions options() {
    return options;
  }

  /**
   * Returns options that suspect soon and fail late. All kinds of links are then suspected at the
   * same time, and recover after the kernel's backoff before they fail.
   */
  public KeepaliveOptions tolerantOptions() {
    KeepaliveOptions.Builder tolerant = options.toBuilder().suspectAfter(1);
    return this == KEEPALIVE
        ? tolerant.count((int) LONG_DEADLINE.toSeconds()).build()
        : tolerant
            .probe(Duration.ofSeconds(1), LONG_DEADLINE)
            .userTimeout(LONG_DEADLINE.multipliedBy(2))
            .build();
  }

  /**
   * Returns options with a budget that a busy machine keeps. A process gets twice as long to answer
   * as a kernel.
   */
  public KeepaliveOptions soakOptions() {
    return switch (this) {
      case KEEPALIVE -> options;
      case FAST -> KeepaliveOptions.detectWithin(SOAK_BUDGET);
      case PROCESS -> KeepaliveOptions.detectWithin(SOAK_BUDGET.multipliedBy(2), Liveness.PROCESS);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
