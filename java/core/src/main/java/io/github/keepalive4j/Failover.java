package io.github.keepalive4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FailoverCallback} is called with: the failures, and the guard's claim. Immutable.
 */
public final class Failover {
  private final List<Failure> failures;
  private final @Nullable Claim claim; // null for none

  Failover(List<Failure> failures, @Nullable Claim claim) {
    this.failures = failures;
    this.claim = claim;
  }

  /**
   * Returns the failure that decided.
   *
   * @return the last of {@link #failures()}
   */
  public Failure failure() {
    return failures.get(failures.size() - 1);
  }

  /**
   * Returns the failures that the takeover rests on.
   *
   * @return one for a single link, one and more for a group, in the order of their verdicts
   */
  public List<Failure> failures() {
    return failures;
  }

  /**
   * Returns the claim to act in the source's place. It stays its holder's until it is released or
   * lost, also when the callback has returned.
   *
   * @return the claim, or empty if the monitor has no {@linkplain KeepaliveMonitor.Builder#guard
   *     guard}
   */
  public Optional<Claim> claim() {
    return Optional.ofNullable(claim);
  }

  /**
   * Sets how to stop what the callback starts. The listener is called when the claim is lost,
   * because somebody else may act in the source's place then. That may be at once, or while the
   * callback runs: see {@link Claim#addLossListener}. The claim is given up once the call has
   * returned, and the successor may be waiting for that. Without a claim, or after its release,
   * there is no call.
   *
   * @param listener stops what was started
   */
  public void onClaimLost(Consumer<ClaimLoss> listener) {
    Objects.requireNonNull(listener, "listener");
    if (claim != null) {
      claim.addLossListener(listener);
    }
  }

  /**
   * Returns the takeover as environment variables, for a command that takes over.
   *
   * @return {@code KEEPALIVE_PEER} (IPv6 in brackets), {@code KEEPALIVE_CAUSE}, {@code
   *     KEEPALIVE_ERRNO} (its name), {@code KEEPALIVE_LAST_HEARD_MS} (the silence before the
   *     verdict), {@code KEEPALIVE_LOCAL} (the name of the {@link LocalTrouble}, judged now) and,
   *     where there is a claim with one, {@code KEEPALIVE_TOKEN}; the others are empty where there
   *     is nothing to tell
   */
  public Map<String, String> toEnvironment() {
    Map<String, String> environment = failure().toEnvironment();
    claim()
        .map(Claim::token)
        .ifPresent(
            token ->
                token.ifPresent(
                    number -> environment.put("KEEPALIVE_TOKEN", Long.toString(number))));
    return environment;
  }

  /**
   * Looks for trouble on this side, as {@link Failure#checkLocalTrouble}.
   *
   * @return what is wrong here, or empty if nothing is known to be
   */
  public Optional<LocalTrouble> checkLocalTrouble() {
    return failure().checkLocalTrouble();
  }

  @Override
  public String toString() {
    return "Failover" + failures + (claim == null ? "" : " on " + claim.description());
  }
}
