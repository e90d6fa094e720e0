package io.github.keepalive4j.zookeeper;

import java.util.concurrent.ExecutionException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One backup's, or source's, attempt to win a reign. An answer that got lost is looked up rather
 * than guessed; a contest that ends without a claim leaves none behind.
 */
final class Contest {
  private final Claims claims;
  private final Ensemble ensemble;
  private final Inquiry inquiry;
  private final String id = Ensemble.newClaimId();

  Contest(Claims claims, Deadline deadline) {
    this.claims = claims;
    this.ensemble = claims.ensemble();
    this.inquiry = new Inquiry(deadline);
  }

  /** Ends this reign and no other. */
  ZooKeeperClaim win(Reign reign)
      throws BeatenException, UnavailableException, InterruptedException {
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

  private ZooKeeperClaim tryUntilAnswered(Reign reign)
      throws BeatenException, UnavailableException, InterruptedException {
    Reign target = reign;
    while (true) {
      long sentNs = System.nanoTime();
      try {
        long token = inquiry.awaitOnce(ensemble.succeed(target, id, claims.holder()));
        return claims.take(id, target, token, sentNs);
      } catch (ExecutionException e) {
        Code code = Failures.codeOf(e);
        if (code == Code.NONODE) {
          throw inquiry.unavailable("the record " + ensemble.record() + " is gone");
        } else if (code == Code.BADVERSION || code == Code.NODEEXISTS) {
          Reign now =
              inquiry.await(() -> ensemble.readOwn(id)); // an earlier request, heard after all
          if (inquiry.await(() -> ensemble.isOwn(id))) {
            return claims.take(id, target, now.token(), inquiry.startNs());
          }
          target = now;
        } else {
          inquiry.pauseBefore(e);
        }
      }
    }
  }
}
