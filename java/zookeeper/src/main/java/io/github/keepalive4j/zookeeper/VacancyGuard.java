package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;

/** Wins a claim that has ended, for one takeover. */
final class VacancyGuard implements TakeoverGuard {
  private final Replacement replacement;
  private final ClaimRecord vacant;
  private final ClaimRecord lastBegun;

  /**
   * Makes the guard.
   *
   * @param vacant the record whose claim has ended
   * @param lastBegun the last holder that began: it may still be stopping, although others that did
   *     not begin have won since
   */
  VacancyGuard(
      HeldClaims claims, TakeoverPolicy policy, ClaimRecord vacant, ClaimRecord lastBegun) {
    this.replacement = new Replacement(claims, policy, new FailsafeRule(claims, null));
    this.vacant = vacant;
    this.lastBegun = lastBegun;
  }

  /** Declines also where the ensemble is unavailable: whether the claim is vacant isn't known. */
  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    try {
      return replacement.replace(vacant, lastBegun, request);
    } catch (AlreadyClaimedException e) {
      throw new ClaimDeclinedException("won by " + e.getMessage(), e);
    } catch (EnsembleUnavailableException e) {
      throw new ClaimDeclinedException("the ensemble is unavailable: " + e.getMessage(), e);
    }
  }
}
