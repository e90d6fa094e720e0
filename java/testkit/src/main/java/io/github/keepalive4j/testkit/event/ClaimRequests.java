package io.github.keepalive4j.testkit.event;

import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.internal.testing.EventFactory;
import io.github.keepalive4j.testkit.internal.Arguments;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Builds the requests that a takeover guard is asked.
 *
 * <pre>{@code
 * guard.claim(ClaimRequests.takeover(failure).remaining(Duration.ofSeconds(2)).build());
 * }</pre>
 */
public final class ClaimRequests {
  private ClaimRequests() {}

  /**
   * Begins the request of a backup that wants to take over.
   *
   * @param failures what its verdict rests on, in the order of their verdicts
   * @return the builder
   * @throws IllegalArgumentException if there are none
   */
  public static Builder takeover(Failure... failures) {
    List<Failure> all = Arguments.noneNull("failures", failures);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a takeover rests on 1 failure or more, not on 0");
    }
    return new Builder(all);
  }

  /**
   * Begins the request of a source that wants to serve.
   *
   * @return the builder
   */
  public static Builder serving() {
    return new Builder(List.of());
  }

  /** Sets the time of a request. Not thread-safe. */
  public static final class Builder {
    private final List<Failure> failures;
    private Duration remaining = Duration.ofSeconds(10);

    private Builder(List<Failure> failures) {
      this.failures = failures;
    }

    /**
     * Sets how much time the guard has from {@link #build()} on. Unless set, it is 10 s.
     *
     * @param remaining the time; zero or less for a request that counts as declined already
     * @return this
     */
    public Builder remaining(Duration remaining) {
      this.remaining = Objects.requireNonNull(remaining, "remaining");
      return this;
    }

    /**
     * Builds the request.
     *
     * @return a request
     */
    public ClaimRequest build() {
      return EventFactory.get().claimRequest(failures, System.nanoTime() + remaining.toNanos());
    }
  }
}
