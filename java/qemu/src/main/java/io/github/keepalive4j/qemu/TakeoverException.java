package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;

/**
 * A takeover that failed. Where QEMU refused, the cause is a {@link QmpException}; where it gave no
 * answer, a {@link QmpConnectionException}.
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
   * @param action the action's name
   * @param reason why it failed
   * @param took how long it took to fail
   * @param steps what was done until it failed
   * @param cause QEMU's refusal or the connection's fault, null if QEMU's state was the reason
   */
  public TakeoverException(
      String action, String reason, Duration took, List<TakeoverStep> steps, Throwable cause) {
    super(action + " failed after " + took.toMillis() + " ms: " + reason, cause);
    this.action = action;
    this.took = took;
    this.steps = List.copyOf(steps);
  }

  /**
   * The action that failed.
   *
   * @return its name
   */
  public String action() {
    return action;
  }

  /**
   * How long it took to fail.
   *
   * @return the duration
   */
  public Duration took() {
    return took;
  }

  /**
   * What was done until it failed.
   *
   * @return the steps in order; empty after deserialization
   */
  public List<TakeoverStep> steps() {
    return steps == null ? List.of() : steps;
  }
}
