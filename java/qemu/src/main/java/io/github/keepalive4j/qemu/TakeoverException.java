package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A takeover that failed. If QEMU refused, the cause is a {@link QmpException}; if QEMU did not
 * answer, it is a {@link QmpConnectionException}.
 */
public final class TakeoverException extends Exception {

  private static final long serialVersionUID = 1;

  /** The action's name. */
  private final String action;

  /** How long it took to fail. */
  private final Duration took;

  private final transient List<TakeoverStep> steps;

  /**
   * Makes an exception.
   *
   * @param took how long it took to fail
   * @param steps what was done until it failed
   * @param cause QEMU's refusal or the connection's fault, null if QEMU's state was the reason
   */
  public TakeoverException(
      String action,
      String reason,
      Duration took,
      List<TakeoverStep> steps,
      @Nullable Throwable cause) {
    super(message(action, reason, took), cause);
    this.action = action;
    this.took = took;
    this.steps = List.copyOf(Arguments.noneNull("steps", steps));
  }

  private static String message(String action, String reason, Duration took) {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(reason, "reason");
    return action
        + " failed after "
        + Objects.requireNonNull(took, "took").toMillis()
        + " ms: "
        + reason;
  }

  /** Returns the name of the action that failed. */
  public String action() {
    return action;
  }

  /** Returns how long it took to fail. */
  public Duration took() {
    return took;
  }

  /** Returns the steps until it failed, in order; empty after deserialization. */
  public List<TakeoverStep> steps() {
    return steps == null ? List.of() : steps;
  }
}
