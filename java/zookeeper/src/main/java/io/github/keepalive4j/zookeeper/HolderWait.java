package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.internal.SafeLogger;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
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
  private static final Duration UNCLAIMED_POLL = Duration.ofSeconds(1);
  private static final Duration CHANGE_POLL = Duration.ofMillis(200);
  private static final System.Logger LOGGER = SafeLogger.of(HolderWait.class);

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

  /**
   * Waits for a replaced holder to stop. One that says at once that it stops has the release
   * timeout for it. One that says nothing is dead, paused or cut off, and isn't waited for any
   * longer.
   *
   * @return the claim's state at the end of the wait
   */
  ClaimState awaitRelease(ClaimRecord holder, TakeoverPolicy policy, Deadline deadline)
      throws InterruptedException {
    Deadline release = deadline.orIn(policy.releaseTimeout());
    ClaimState answer =
        awaitState(
            holder,
            EnumSet.complementOf(EnumSet.of(ClaimState.HELD)),
            release.orIn(policy.acknowledgeTimeout()));
    return answer == ClaimState.STOPPING && awaitEnd(holder, release) ? ClaimState.ENDED : answer;
  }

  private boolean awaitEnd(ClaimRecord holder, Deadline deadline) throws InterruptedException {
    return awaitState(holder, EnumSet.of(ClaimState.ENDED), deadline) == ClaimState.ENDED;
  }

  /** Waits for one of the states; returns HELD if it hasn't come before the deadline. */
  private ClaimState awaitState(ClaimRecord holder, Set<ClaimState> wanted, Deadline deadline)
      throws InterruptedException {
    return poll(
            watcher ->
                ensemble
                    .stateOf(holder.claimId(), watcher)
                    .thenApply(state -> Optional.of(state).filter(wanted::contains)),
            END_POLL,
            deadline)
        .orElse(ClaimState.HELD);
  }

  /** Returns whether nobody holds the source any more, before the deadline. */
  boolean awaitUnclaimed(Deadline deadline) throws InterruptedException {
    return poll(this::unclaimed, UNCLAIMED_POLL, deadline).isPresent();
  }

  private CompletableFuture<Optional<Boolean>> unclaimed(Watcher watcher) {
    return ensemble.read().thenCompose(record -> unclaimed(record, watcher));
  }

  private CompletableFuture<Optional<Boolean>> unclaimed(ClaimRecord record, Watcher watcher) {
    if (!record.namesHolder()) {
      return CompletableFuture.completedFuture(Optional.of(true));
    }
    return ensemble
        .stateOf(record.claimId(), watcher)
        .thenApply(state -> Optional.of(true).filter(any -> state == ClaimState.ENDED));
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
        .stateOf(before.claimId(), watcher)
        .thenCompose(
            state ->
                ensemble
                    .read()
                    .thenApply(
                        now ->
                            Optional.of(now)
                                .filter(any -> state == ClaimState.ENDED || !now.equals(before))));
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
