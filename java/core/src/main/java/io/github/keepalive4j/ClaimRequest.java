package io.github.keepalive4j;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What a {@link TakeoverGuard} is asked for. Thread-safe. */
public final class ClaimRequest {
  private final List<Failure> failures;
  private final LongSupplier leftNs;

  ClaimRequest(List<Failure> failures, LongSupplier leftNs) {
    this.failures = failures;
    this.leftNs = leftNs;
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
   * @return the time until the request counts as declined; zero or less once it does, and once the
   *     watch, its link or its monitor is closed
   */
  public Duration remaining() {
    return Duration.ofNanos(leftNs.getAsLong());
  }
}
