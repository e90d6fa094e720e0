package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * One step of a takeover: a QMP command, or a wait for a state.
 *
 * @param name the command's name
 * @param startedNs when it began, on {@link System#nanoTime()}'s clock
 * @param took how long it took
 * @param outcome how it ended
 * @param detail the command's arguments and what QEMU said; may be empty
 */
public record TakeoverStep(
    String name, long startedNs, Duration took, Outcome outcome, String detail) {

  public TakeoverStep {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(detail, "detail");
  }

  /** How a step ended. More values may be added. */
  public enum Outcome {
    /** QEMU executed it, or answered the question. */
    DONE,
    /** What the step removes is not there. */
    ABSENT,
    /** QEMU refused, and the takeover went on without it. */
    REFUSED,
    /** The takeover ended here. */
    FAILED
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s%s: %s, %.3f ms",
        name,
        detail.isEmpty() ? "" : " " + detail,
        outcome,
        took.toNanos() / 1e6);
  }
}
