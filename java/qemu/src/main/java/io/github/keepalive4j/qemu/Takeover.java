package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A takeover that succeeded: the machine runs.
 *
 * @param action the action's name
 * @param alreadyDone true if there was nothing to do, because the machine ran already
 * @param startedNs when it began, on {@link System#nanoTime()}'s clock
 * @param took how long it took
 * @param steps what was done, in order
 */
public record Takeover(
    String action, boolean alreadyDone, long startedNs, Duration took, List<TakeoverStep> steps) {

  public Takeover {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(took, "took");
    steps = List.copyOf(Arguments.noneNull("steps", steps));
  }
}
