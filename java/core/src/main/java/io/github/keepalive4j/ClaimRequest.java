package io.github.keepalive4j;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link TakeoverGuard} is asked for. Immutable. */
public final class ClaimRequest {
  private final List<Failure> failures;
  private final long deadlineNs;

  ClaimRequest(List<Failure> failures, long deadlineNs) {
    this.failures = failures;
    this.deadlineNs = deadlineNs;
  }

  /**
   * Tells a backup's request from a source's.
   *
   * @return true if a backup wants to take over, false if a source wants to serve
   */
  public boolean isTakeover() {
    return !failures.isEmpty();
  }

  /**
   * Returns the failures that the verdict rests on.
   *
   * @return one for a link, one and more for a group of links, none for a source
   */
  public List<Failure> failures() {
    return failures;
  }

  /**
   * Returns the failure that decided.
   *
   * @return the last of {@link #failures()}
   */
  public Optional<Failure> failure() {
    return failures.isEmpty() ? Optional.empty() : Optional.of(failures.get(failures.size() - 1));
  }

  /**
   * Returns how much of the guard's time is left.
   *
   * @return the time until the request counts as declined; zero or less once it does
   */
  public Duration remaining() {
    return Duration.ofNanos(deadlineNs - System.nanoTime());
  }
}
