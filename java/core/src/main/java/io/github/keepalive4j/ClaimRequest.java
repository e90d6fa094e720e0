package io.github.keepalive4j;

import io.github.keepalive4j.internal.guard.Claims;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What a {@link TakeoverGuard} is asked for. Thread-safe. */
public final class ClaimRequest {
  private final List<Failure> failures;
  private final LongSupplier leftNs;
  private final List<Claim> earlier;

  ClaimRequest(List<Failure> failures, LongSupplier leftNs) {
    this(failures, leftNs, List.of());
  }

  private ClaimRequest(List<Failure> failures, LongSupplier leftNs, List<Claim> earlier) {
    this.failures = failures;
    this.leftNs = leftNs;
    this.earlier = earlier;
  }

  /** Returns the same request for a guard that is asked after others, whose claims these are. */
  ClaimRequest after(List<Claim> granted) {
    LongSupplier whileGranted =
        () -> granted.stream().allMatch(Claims::mayBegin) ? leftNs.getAsLong() : 0;
    return new ClaimRequest(
        failures, whileGranted, Stream.concat(earlier.stream(), granted.stream()).toList());
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
   * Returns the fencing token of the claim that another guard of {@link TakeoverGuard#allOf} has
   * given for this request.
   *
   * @return the token of the first that has one, or empty
   */
  public OptionalLong token() {
    return earlier.stream()
        .map(Claim::token)
        .filter(OptionalLong::isPresent)
        .findFirst()
        .orElseGet(OptionalLong::empty);
  }

  /**
   * Returns how much of the guard's time is left.
   *
   * @return the time until the request counts as declined; zero or less once it does, once the
   *     watch, its link or its monitor is closed, and once a claim that another guard of {@link
   *     TakeoverGuard#allOf} has given for this request is lost or in doubt
   */
  public Duration remaining() {
    return Duration.ofNanos(leftNs.getAsLong());
  }
}
