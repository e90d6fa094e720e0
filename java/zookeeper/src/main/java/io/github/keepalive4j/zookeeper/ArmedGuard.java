package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.net.InetSocketAddress;

/**
 * The guard of one watch. It may replace the holder that the record named when the watch began, or
 * a later winner whose claim ended before its callback began. It replaces nobody else, so the
 * second backup to fail over doesn't take over from the first.
 */
final class ArmedGuard implements TakeoverGuard {
  private final HeldClaims claims;
  private final TakeoverPolicy policy;
  private final HolderWait holders;
  private final Replacement replacement;
  private final FollowedRecord followed;
  private final ArmedWatches watches;
  private final Membership membership;

  ArmedGuard(
      HeldClaims claims,
      TakeoverPolicy policy,
      FollowedRecord followed,
      ArmedWatches watches,
      Membership membership) {
    this.membership = membership;
    this.claims = claims;
    this.policy = policy;
    this.holders = new HolderWait(claims.ensemble());
    this.replacement = new Replacement(claims, policy, new FailsafeRule(claims, membership));
    this.followed = followed;
    this.watches = watches;
  }

  @Override
  public void connected() {
    followed.connected();
  }

  @Override
  public void disarm() {
    var unused = followed.end();
    watches.remove(followed);
    membership.leave();
  }

  @Override
  public void linked(InetSocketAddress local) {
    membership.linked(local);
  }

  @Override
  public boolean holdBack() {
    return membership.holdBack();
  }

  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    try {
      membership.beginTakeover(Deadline.of(request));
      return claimNow(request);
    } finally {
      membership.leave();
    }
  }

  private Claim claimNow(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    try {
      ClaimRecord armed = require(followed.end(), request);
      try {
        return replacement.replace(armed, armed, request);
      } catch (AlreadyClaimedException e) {
        return replaceWinner(armed, e.winner(), request);
      }
    } catch (EnsembleUnavailableException e) {
      return policy.whenUnavailable().answer(e);
    }
  }

  /**
   * Returns the record that was known at the verdict. One that was read later may name a healthy
   * successor. Without one, the ensemble counts as unavailable only if it still gives no answer.
   */
  private ClaimRecord require(FollowedRecord.Knowledge known, ClaimRequest request)
      throws ClaimDeclinedException, EnsembleUnavailableException, InterruptedException {
    ClaimRecord record = known.record();
    boolean isLate =
        request.failure().filter(failure -> known.knownNs() - failure.verdictNs() > 0).isPresent();
    if (record != null && !isLate) {
      return record;
    }
    if (!known.wasReached()) {
      requireAnswer(Deadline.of(request).orIn(policy.requestTimeout()));
    }
    throw new ClaimDeclinedException(
        known.wasReached() && !isLate
            ? "the guard was not armed: " + known.refusal()
            : "the guard was not armed: the record was not read before the verdict");
  }

  private void requireAnswer(Deadline deadline)
      throws EnsembleUnavailableException, InterruptedException, ClaimDeclinedException {
    try {
      ClaimRecord unused = new RetryingCall(deadline).await(claims.ensemble()::read);
    } catch (AlreadyClaimedException | EnsembleUnavailableException e) {
      throw new EnsembleUnavailableException("it was never reached while the link was up");
    }
  }

  /**
   * Replaces a winner whose claim ended before its callback began, or the armed holder where that
   * wrote the record after the watch had read it: its beginning, or its end. The ensemble has
   * answered by now, so a failure from here on is a decline, whatever the policy for an unavailable
   * ensemble says.
   */
  private Claim replaceWinner(ClaimRecord armed, ClaimRecord winner, ClaimRequest request)
      throws ClaimDeclinedException, InterruptedException {
    ClaimRecord now = winner;
    while (true) {
      boolean isArmedHolder = now.isFor(armed.claimId()) && (!now.isOfBackup() || armed.hasBegun());
      ClaimRecord target = isArmedHolder ? now : awaitReplaceable(now, Deadline.of(request));
      try {
        return replacement.replace(target, armed, request);
      } catch (AlreadyClaimedException e) {
        now = e.winner();
      } catch (EnsembleUnavailableException e) {
        throw new ClaimDeclinedException("won by " + now.describe() + "; " + e.getMessage(), e);
      }
    }
  }

  /** Waits until the winner's claim has ended before its callback began; declines otherwise. */
  private ClaimRecord awaitReplaceable(ClaimRecord winner, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    ClaimRecord record = winner;
    while (!record.hasBegun()) {
      ClaimRecord before = record;
      record =
          holders
              .awaitChange(before, deadline)
              .orElseThrow(
                  () ->
                      new ClaimDeclinedException(
                          "won by " + before.describe() + ", which has not begun yet"));
      if (record.equals(before)) {
        return record; // the claim has ended, and nobody else has won
      }
    }
    throw new ClaimDeclinedException("won by " + record.describe());
  }
}
