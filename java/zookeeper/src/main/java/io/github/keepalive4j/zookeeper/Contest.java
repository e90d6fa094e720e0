package io.github.keepalive4j.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * One backup's, or source's, attempt to begin a reign. An answer that got lost is looked up rather
 * than guessed; a contest that ends without a claim leaves none behind.
 */
final class Contest {
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Claims claims;
  private final Ensemble ensemble;
  private final Deadline deadline;
  private final String id = Ensemble.newClaimId();
  private final long startNs = System.nanoTime();

  Contest(Claims claims, Deadline deadline) {
    this.claims = claims;
    this.ensemble = claims.ensemble();
    this.deadline = deadline;
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
        long token = deadline.await(ensemble.succeed(target, id, claims.holder()));
        return claims.take(id, target, token, sentNs);
      } catch (TimeoutException e) {
        throw unavailable("no answer");
      } catch (ExecutionException e) {
        Code code = Failures.codeOf(e);
        if (code == Code.NONODE) {
          throw unavailable("the record " + ensemble.record() + " is gone");
        } else if (code == Code.BADVERSION || code == Code.NODEEXISTS) {
          Reign now = await(this::current);
          if (await(() -> ensemble.isOwn(id))) {
            return claims.take(id, target, now.token(), startNs);
          }
          target = now;
        } else {
          pauseBefore(e);
        }
      }
    }
  }

  /** The reign of now, if it is this contest's: an earlier request of it was heard after all. */
  private CompletableFuture<Reign> current() {
    return ensemble
        .read()
        .thenCompose(
            now ->
                now.claimId().equals(id)
                    ? CompletableFuture.completedFuture(now)
                    : CompletableFuture.failedFuture(new BeatenException(now)));
  }

  /** Asks until there is an answer. */
  <T> T await(Question<T> question)
      throws BeatenException, UnavailableException, InterruptedException {
    while (true) {
      try {
        return deadline.await(question.ask());
      } catch (TimeoutException e) {
        throw unavailable("no answer");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof BeatenException beaten) {
          throw beaten;
        }
        pauseBefore(e);
      }
    }
  }

  /** Lets pass what may pass, and no longer. */
  private void pauseBefore(ExecutionException error)
      throws UnavailableException, InterruptedException {
    if (!Failures.leavesOpen(Failures.codeOf(error))) {
      throw unavailable(Failures.text(error));
    }
    long pauseNs = Math.min(RETRY_NS, deadline.remainingNs());
    if (pauseNs <= 0) {
      throw unavailable(Failures.text(error));
    }
    TimeUnit.NANOSECONDS.sleep(pauseNs);
  }

  private UnavailableException unavailable(String what) {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    return new UnavailableException(what + " after " + waitedMs + " ms");
  }

  /** A request to the ensemble. */
  interface Question<T> {
    CompletableFuture<T> ask();
  }
}
