package io.github.keepalive4j.zookeeper;

import java.time.Duration;
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

  /** What a check tries, beside reading the record. */
  enum Trial {
    NONE,
    /** A write, of which no watcher hears. */
    WRITE,
    /** All requests of a takeover. */
    TAKEOVER
  }

  CompletableFuture<Finding> start(Trial trial) {
    CompletableFuture<Finding> found = ensemble.read().thenCompose(this::examine);
    return switch (trial) {
      case NONE -> found;
      case WRITE -> found.thenCompose(now -> tried(now, ensemble.tryWrite()));
      case TAKEOVER -> found.thenCompose(now -> tried(now, ensemble.warmUp(now.record())));
    };
  }

  /** Returns how long the ensemble may be silent before it counts as unreachable. */
  Duration patience() {
    return ensemble.patience();
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

  private static CompletableFuture<Finding> tried(Finding found, CompletableFuture<?> trial) {
    return trial
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
