package io.github.keepalive4j.zookeeper;

import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One backup's, or source's, attempt to win a reign. An answer that got lost is looked up rather
 * than guessed; a contest that ends without a claim leaves none behind.
 */
final class ClaimAttempt {
  private final HeldClaims claims;
  private final Ensemble ensemble;
  private final RetryingCall call;
  private final String id = Ensemble.newClaimId();

  ClaimAttempt(HeldClaims claims, Deadline deadline) {
    this.claims = claims;
    this.ensemble = claims.ensemble();
    this.call = new RetryingCall(deadline);
  }

  /** Ends this reign and no other. */
  ZooKeeperClaim win(ClaimRecord reign)
      throws AlreadyClaimedException, EnsembleUnavailableException, InterruptedException {
    ZooKeeperClaim claim = null;
    try {
      claim = tryUntilAnswered(reign);
      return claim;
    } finally {
      if (claim == null) {
        ensemble.delete(id);
      }
    }
  }

  private ZooKeeperClaim tryUntilAnswered(ClaimRecord reign)
      throws AlreadyClaimedException, EnsembleUnavailableException, InterruptedException {
    ClaimRecord target = reign;
    while (true) {
      long sentNs = System.nanoTime();
      try {
        long token = call.awaitOnce(ensemble.succeed(target, id, claims.holder()));
        return claims.take(id, target, token, sentNs);
      } catch (ExecutionException e) {
        Code code = EnsembleErrors.codeOf(e);
        if (code == Code.NONODE) {
          throw call.unavailable("the record " + ensemble.record() + " is gone");
        } else if (code == Code.BADVERSION || code == Code.NODEEXISTS) {
          ClaimRecord now =
              call.await(() -> ensemble.readOwn(id)); // an earlier request, heard after all
          if (call.await(() -> ensemble.isOwn(id))) {
            return claims.take(id, target, now.token(), call.startNs());
          }
          target = now;
        } else {
          call.pauseBefore(e);
        }
      }
    }
  }
}
