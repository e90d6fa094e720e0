package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a contender from replacing a holder that may run on in failsafe mode. Members that were
 * asked may replace it: without their promises it has stopped. Anybody else waits until the holder
 * and its members are gone, and then as long as a promise lasts.
 */
final class FailsafeRule {
  private static final long POLL_MS = 100;

  private final HeldClaims claims;
  private final @Nullable Membership own; // null where the contender has no link

  FailsafeRule(HeldClaims claims, @Nullable Membership own) {
    this.claims = claims;
    this.own = own;
  }

  /**
   * Waits until the holder of the record may be replaced.
   *
   * @return the node whose existence is a condition of that
   * @throws ClaimDeclinedException if it may not before the deadline
   */
  Optional<String> admit(ClaimRecord target, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    long promiseMs = target.holder().failsafeMs();
    if (promiseMs == 0 || claims.hasEnded(target.claimId())) {
      return Optional.empty();
    }
    Optional<String> node = own == null ? Optional.empty() : own.provenBy(target);
    if (node.isEmpty()) {
      if (own != null) {
        own.leave(); // several that have not been asked must not wait for each other
      }
      awaitAbandoned(target, deadline);
      pause(promiseMs, target, deadline);
      awaitAbandoned(target, deadline);
    }
    return node;
  }

  private void awaitAbandoned(ClaimRecord target, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    while (!isAbandoned(target, deadline)) {
      pause(POLL_MS, target, deadline);
    }
  }

  private static void pause(long ms, ClaimRecord target, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    if (TimeUnit.MILLISECONDS.toNanos(ms) > deadline.remainingNs()) {
      throw new ClaimDeclinedException(
          target.describe() + " may run on in failsafe mode, and has not asked this backup");
    }
    TimeUnit.MILLISECONDS.sleep(ms);
  }

  private boolean isAbandoned(ClaimRecord target, Deadline deadline) throws InterruptedException {
    Ensemble ensemble = claims.ensemble();
    try {
      return deadline.await(ensemble.stateOf(target.claimId(), event -> {})) == ClaimState.ENDED
          && deadline.await(ensemble.members()).linked().isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
