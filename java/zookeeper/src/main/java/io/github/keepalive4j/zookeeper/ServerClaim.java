package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.util.Optional;

/** Wins the claim for a server, which waits for another holder's end. */
final class ServerClaim {
  private final HeldClaims claims;

  ServerClaim(HeldClaims claims) {
    this.claims = claims;
  }

  ZooKeeperClaim win(Deadline deadline)
      throws ClaimDeclinedException, EnsembleUnavailableException, InterruptedException {
    claims.mayClaim();
    Ensemble ensemble = claims.ensemble();
    HolderWait holders = new HolderWait(ensemble);
    while (true) {
      try {
        ClaimRecord record = new RetryingCall(deadline).await(ensemble::read);
        holders.requireEnd(record, deadline);
        Optional<String> member = new FailsafeRule(claims, null).admit(record, deadline);
        return new ClaimAttempt(claims, Holder.Role.SOURCE, deadline).win(record, member);
      } catch (AlreadyClaimedException e) {
        if (deadline.remainingNs() <= 0) {
          throw new ClaimDeclinedException("won by " + e.getMessage(), e);
        }
      }
    }
  }
}
