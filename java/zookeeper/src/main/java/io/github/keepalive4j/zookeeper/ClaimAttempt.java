package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One attempt of a backup or a source to win the claim. Where an answer got lost, the attempt reads
 * what the ensemble has done. An attempt that fails leaves no claim behind.
 */
final class ClaimAttempt {
  private final HeldClaims claims;
  private final Ensemble ensemble;
  private final Holder holder;
  private final RetryingCall call;
  private final String id = Ensemble.newClaimId();

  ClaimAttempt(HeldClaims claims, Holder.Role role, Deadline deadline) {
    this.claims = claims;
    this.holder = claims.holder(role);
    this.ensemble = claims.ensemble();
    this.call = new RetryingCall(deadline);
  }

  /**
   * Replaces exactly this record.
   *
   * @param member as {@link FailsafeRule#admit} returns it
   */
  ZooKeeperClaim win(ClaimRecord record, Optional<String> member)
      throws AlreadyClaimedException,
          ClaimDeclinedException,
          EnsembleUnavailableException,
          InterruptedException {
    ZooKeeperClaim claim = null;
    try {
      claim = tryUntilAnswered(record, member);
      return claim;
    } finally {
      if (claim == null) {
        ensemble.delete(id);
      }
    }
  }

  private ZooKeeperClaim tryUntilAnswered(ClaimRecord record, Optional<String> member)
      throws AlreadyClaimedException,
          ClaimDeclinedException,
          EnsembleUnavailableException,
          InterruptedException {
    ClaimRecord target = record;
    while (true) {
      long sentNs = System.nanoTime();
      try {
        Holder successor = holder.after(target.holder());
        ClaimRecord won = call.awaitOnce(ensemble.replace(target, id, successor, member));
        return claims.add(target, requireSameNode(won, target), sentNs);
      } catch (ExecutionException e) {
        Code code = EnsembleErrors.codeOf(e);
        if (code == Code.NONODE && member.isPresent()) {
          throw new ClaimDeclinedException(
              target.describe() + " may run on in failsafe mode: this backup is no member any more",
              e);
        } else if (code == Code.NONODE) {
          throw new ClaimDeclinedException("the record " + ensemble.record() + " was deleted", e);
        } else if (code == Code.BADVERSION || code == Code.NODEEXISTS) {
          // Either another holder has won, or an earlier try was carried out and its answer lost.
          ClaimRecord now = call.await(() -> ensemble.readOwn(id));
          if (call.await(() -> ensemble.isOwn(id))) {
            return claims.add(target, requireSameNode(now, record), call.startNs());
          }
          target = now;
        } else {
          call.pauseAfter(e);
        }
      }
    }
  }

  /** The version alone may be that of a node which was made anew, and names a healthy holder. */
  private ClaimRecord requireSameNode(ClaimRecord won, ClaimRecord replaced)
      throws ClaimDeclinedException {
    if (won.createdZxid() != replaced.createdZxid()) {
      throw new ClaimDeclinedException(
          "the record " + ensemble.record() + " was deleted and made anew");
    }
    return won;
  }
}
