package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import java.util.Optional;

/** Replaces a holder by a backup, in the way that the policy says. */
final class Replacement {
  private final HeldClaims claims;
  private final TakeoverPolicy policy;
  private final HolderWait holders;
  private final FailsafeRule failsafe;

  Replacement(HeldClaims claims, TakeoverPolicy policy, FailsafeRule failsafe) {
    this.failsafe = failsafe;
    this.claims = claims;
    this.policy = policy;
    this.holders = new HolderWait(claims.ensemble());
  }

  /**
   * Replaces the holder that the target record names. Waits for the holder of the armed record,
   * which may still have to stop although others have won since.
   */
  Claim replace(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws ClaimDeclinedException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    return policy.liveHolder() == LiveHolder.REVOKE
        ? claimThenAwaitRelease(target, armed, request)
        : awaitReleaseThenClaim(target, armed, request);
  }

  private Claim claimThenAwaitRelease(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws ClaimDeclinedException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    Deadline deadline = Deadline.of(request);
    Optional<String> member = failsafe.admit(target, deadline);
    ZooKeeperClaim claim = attemptUntil(deadline.orIn(policy.requestTimeout())).win(target, member);
    boolean complete = false;
    try {
      if (armed.namesHolder()) {
        ClaimState state = holders.awaitRelease(armed, policy, deadline);
        if (state == ClaimState.STOPPING && deadline.remainingNs() <= 0) {
          throw new ClaimDeclinedException(
              armed.describe() + " is stopping, and has not stopped in the guard's time");
        }
        claim.noteReplaced(armed.describe() + answer(state));
      }
      complete = true;
      return claim;
    } finally {
      if (!complete) {
        claim.release();
      }
    }
  }

  private static String answer(ClaimState replaced) {
    return switch (replaced) {
      case HELD -> " gave no answer";
      case STOPPING -> " did not stop within the release timeout";
      case ENDED -> " has stopped";
    };
  }

  private Claim awaitReleaseThenClaim(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws ClaimDeclinedException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    holders.requireEnd(armed, Deadline.of(request));
    Optional<String> member = failsafe.admit(target, Deadline.of(request));
    // The wait may have used up the guard's time. That says nothing about the ensemble.
    Deadline deadline =
        armed.namesHolder() ? Deadline.in(policy.requestTimeout()) : Deadline.of(request);
    return attemptUntil(deadline).win(target, member);
  }

  private ClaimAttempt attemptUntil(Deadline deadline) {
    return new ClaimAttempt(claims, Holder.Role.BACKUP, deadline);
  }
}
