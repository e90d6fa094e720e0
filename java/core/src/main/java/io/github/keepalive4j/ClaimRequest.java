package io.github.keepalive4j;

import io.github.keepalive4j.internal.guard.Claims;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What a {@link TakeoverGuard} is asked for. Thread-safe. */
public final class ClaimRequest {
  private final List<Failure> failures;
  private final Map<String, String> environment; // of a claim's end; empty for the others
  private final LongSupplier leftNs;
  private final List<Claim> earlier;

  ClaimRequest(List<Failure> failures, LongSupplier leftNs) {
    this(failures, Map.of(), leftNs, List.of());
  }

  private ClaimRequest(
      List<Failure> failures,
      Map<String, String> environment,
      LongSupplier leftNs,
      List<Claim> earlier) {
    this.failures = failures;
    this.environment = environment;
    this.leftNs = leftNs;
    this.earlier = earlier;
  }

  /** Returns the same request for a guard that is asked after others, whose claims these are. */
  ClaimRequest after(List<Claim> granted) {
    LongSupplier whileGranted =
        () -> granted.stream().allMatch(Claims::mayBegin) ? leftNs.getAsLong() : 0;
    return new ClaimRequest(
        failures,
        environment,
        whileGranted,
        Stream.concat(earlier.stream(), granted.stream()).toList());
  }

  /**
   * Makes the request of a backup that takes over without the failure of a link, because the claim
   * of the holder that it watched has ended.
   *
   * @param environment what {@link #toEnvironment()} returns: at least {@code KEEPALIVE_CAUSE}
   * @param leftNs returns the guard's time that is left, in ns; called on any thread
   * @return a request without {@link #failures()}
   * @throws IllegalArgumentException if {@code environment} has no {@code KEEPALIVE_CAUSE}
   */
  public static ClaimRequest afterClaimEnd(Map<String, String> environment, LongSupplier leftNs) {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(leftNs, "leftNs");
    if (!environment.containsKey("KEEPALIVE_CAUSE")) {
      throw new IllegalArgumentException("environment " + environment + " has no KEEPALIVE_CAUSE");
    }
    return new ClaimRequest(List.of(), Map.copyOf(environment), leftNs, List.of());
  }

  /**
   * Tells a backup's request from a source's.
   *
   * @return true if a backup wants to take over, false if a source wants to serve
   */
  public boolean isTakeover() {
    return !failures.isEmpty() || !environment.isEmpty();
  }

  /**
   * Returns the failures that the verdict rests on.
   *
   * @return one for a link, one and more for a group of links, none for a source and after a
   *     claim's end
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
   * Returns the request as environment variables, for a command that fences.
   *
   * @return as {@link Failure#toEnvironment} for the failure that decided, or what the request
   *     after a claim's end was made with; with {@code KEEPALIVE_TOKEN} where there is a {@link
   *     #token()}. The map is the caller's to change
   */
  public Map<String, String> toEnvironment() {
    Map<String, String> all =
        failure().map(Failure::toEnvironment).orElseGet(() -> new LinkedHashMap<>(environment));
    token().ifPresent(number -> all.put("KEEPALIVE_TOKEN", Long.toString(number)));
    return all;
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
