package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.zookeeper.Watcher;

/** Waits for the end of another holder's claim. */
final class HolderWait {
  private static final Duration END_POLL = Duration.ofMillis(20);
  private static final Duration CHANGE_POLL = Duration.ofMillis(200);
  private static final System.Logger LOGGER = System.getLogger(HolderWait.class.getPackageName());

  private final Ensemble ensemble;

  HolderWait(Ensemble ensemble) {
    this.ensemble = ensemble;
  }

  /** Waits until the holder has released its claim or its session has ended, if it has a claim. */
  void requireEnd(ClaimRecord holder, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    if (holder.namesHolder() && !awaitEnd(holder, deadline)) {
      throw new ClaimDeclinedException(
          "held by " + holder.describe() + ", whose session on the ensemble is alive");
    }
  }

  /** Returns whether the claim has ended before the deadline. */
  boolean awaitEnd(ClaimRecord holder, Deadline deadline) throws InterruptedException {
    return poll(
            watcher ->
                ensemble
                    .isGone(holder.claimId(), watcher)
                    .thenApply(gone -> gone ? Optional.of(true) : Optional.empty()),
            END_POLL,
            deadline)
        .isPresent();
  }

  /**
   * Waits until the record differs from the given one, or the claim that it names has ended.
   *
   * @return the record then, equal to the given one if only the claim has ended; empty at the
   *     deadline
   */
  Optional<ClaimRecord> awaitChange(ClaimRecord before, Deadline deadline)
      throws InterruptedException {
    return poll(watcher -> changeOf(before, watcher), CHANGE_POLL, deadline);
  }

  private CompletableFuture<Optional<ClaimRecord>> changeOf(ClaimRecord before, Watcher watcher) {
    return ensemble
        .isGone(before.claimId(), watcher)
        .thenCompose(
            gone ->
                ensemble
                    .read()
                    .thenApply(now -> Optional.of(now).filter(any -> gone || !now.equals(before))));
  }

  /**
   * Repeats a query until it has a result: when its watcher is called, and at the latest after the
   * interval. The watcher alone isn't enough: set while the node is being deleted, it stayed silent
   * one time in four (ZooKeeper 3.9.4).
   */
  private static <T> Optional<T> poll(
      Function<Watcher, CompletableFuture<Optional<T>>> query, Duration interval, Deadline deadline)
      throws InterruptedException {
    Semaphore called = new Semaphore(0);
    Watcher watcher = event -> called.release();
    while (true) {
      try {
        Optional<T> result = deadline.await(query.apply(watcher));
        if (result.isPresent()) {
          return result;
        }
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "a query to the ensemble failed and is repeated", e);
      }
      long waitNs = Math.min(interval.toNanos(), deadline.remainingNs());
      if (waitNs <= 0) {
        return Optional.empty();
      }
      if (called.tryAcquire(waitNs, TimeUnit.NANOSECONDS)) {
        called.drainPermits();
      }
    }
  }
}
