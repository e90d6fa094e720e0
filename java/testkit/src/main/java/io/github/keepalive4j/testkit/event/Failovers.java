package io.github.keepalive4j.testkit.event;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.internal.testing.EventFactory;
import io.github.keepalive4j.testkit.internal.Arguments;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the failovers that a callback is called with.
 *
 * <pre>{@code
 * TestClaim claim = TestClaim.withToken(7);
 * callback.onFailover(Failovers.of(failure).claim(claim).build());
 * claim.lose("the lease ended");
 * }</pre>
 */
public final class Failovers {
  private Failovers() {}

  /**
   * Begins a failover without a claim.
   *
   * @param failures one for a single link, one and more for a group, in the order of their verdicts
   * @return the builder
   * @throws IllegalArgumentException if there are none
   */
  public static Builder of(Failure... failures) {
    List<Failure> all = Arguments.noneNull("failures", failures);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a failover rests on 1 failure or more, not on 0");
    }
    return new Builder(all);
  }

  /** Sets the claim of a failover. Not thread-safe. */
  public static final class Builder {
    private final List<Failure> failures;
    private @Nullable Claim claim; // null for none

    private Builder(List<Failure> failures) {
      this.failures = failures;
    }

    /**
     * Sets the claim that a guard gave.
     *
     * @param claim a {@link TestClaim}, or any other
     * @return this
     */
    public Builder claim(Claim claim) {
      this.claim = Objects.requireNonNull(claim, "claim");
      return this;
    }

    /**
     * Builds the failover.
     *
     * @return a failover
     */
    public Failover build() {
      return EventFactory.get().failover(failures, claim);
    }
  }
}
