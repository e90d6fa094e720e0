package io.github.keepalive4j.zookeeper;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a claim would meet on the ensemble now, from {@link ZooKeeperGuard.Builder#dryRun}.
 *
 * @param steps what was tried, in order; a step that fails may be the last
 */
public record DryRun(List<Step> steps) {
  public DryRun {
    for (Step step : Objects.requireNonNull(steps, "steps")) {
      Objects.requireNonNull(step, "steps contains null");
    }
    steps = List.copyOf(steps);
  }

  /** How a step ended. More values may be added. */
  public enum Outcome {
    /** A claim would get past it. */
    OK,
    /** A claim would get past it, but it isn't as it should be. */
    WARNING,
    /** A claim would fail here. */
    FAILED
  }

  /**
   * One thing that a claim needs.
   *
   * @param name {@code server}, {@code session}, {@code chroot}, {@code record}, {@code claim} or
   *     {@code access}
   * @param outcome how it ended
   * @param detail what was found, for people to read
   */
  public record Step(String name, Outcome outcome, String detail) {
    public Step {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(outcome, "outcome");
      Objects.requireNonNull(detail, "detail");
    }
  }

  /**
   * Returns why a claim would fail.
   *
   * @return the first failure, for people to read; empty if a claim would be granted
   */
  public Optional<String> failure() {
    return steps.stream()
        .filter(step -> step.outcome() == Outcome.FAILED)
        .map(Step::detail)
        .findFirst();
  }
}
