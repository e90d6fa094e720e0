package io.github.keepalive4j.zookeeper;

import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;

/** Reads the record for a watch, and tries the requests of a takeover without effect. */
final class RecordCheck {
  private final HeldClaims claims;
  private final Ensemble ensemble;
  private final String address;

  /**
   * Makes the checks of one watch.
   *
   * @param address where its link goes, as the holder advertises it; empty for the source's own
   */
  RecordCheck(HeldClaims claims, String address) {
    this.claims = claims;
    this.address = address;
    this.ensemble = claims.ensemble();
  }

  /**
   * Starts a check.
   *
   * @param isTried whether the requests of a takeover have succeeded before, and are left out
   */
  CompletableFuture<Finding> start(boolean isTried) {
    CompletableFuture<Finding> found = ensemble.read().thenCompose(this::examine);
    return isTried ? found : found.thenCompose(this::tryTakeover);
  }

  private CompletableFuture<Finding> examine(ClaimRecord record) {
    boolean mayBeHeld =
        record.holder().role() == Holder.Role.BACKUP
            && record.hasBegun()
            && !record.holder().isAt(address)
            && !claims.hold(record.claimId());
    return mayBeHeld
        ? ensemble.isGone(record.claimId()).thenApply(gone -> new Finding(record, !gone, null))
        : CompletableFuture.completedFuture(new Finding(record, false, null));
  }

  private CompletableFuture<Finding> tryTakeover(Finding found) {
    return ensemble
        .warmUp(found.record())
        .<Finding>thenApply(done -> found)
        .exceptionallyCompose(error -> afterTrial(found, error));
  }

  private static CompletableFuture<Finding> afterTrial(Finding found, Throwable error) {
    Code code = EnsembleErrors.codeOf(error);
    if (code == Code.BADVERSION || code == Code.NONODE) {
      return CompletableFuture.completedFuture(found); // by now it may be another record
    }
    return EnsembleErrors.isAnswer(error)
        ? CompletableFuture.completedFuture(found.refused(EnsembleErrors.refusal(error)))
        : CompletableFuture.failedFuture(error);
  }
}
