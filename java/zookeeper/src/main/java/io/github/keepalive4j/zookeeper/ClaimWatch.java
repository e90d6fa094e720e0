package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.internal.SafeLogger;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.zookeeper.Watcher;

/**
 * Watches who holds the claim on a source, for a backup whose link can't tell: the source is gone,
 * another backup took over, and the end of that one's claim is the next failure.
 *
 * <p>The status is read when the ensemble notifies of a change, and every 500 ms. Thread-safe.
 */
public final class ClaimWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final System.Logger LOGGER = SafeLogger.of(ClaimWatch.class);

  private final HeldClaims claims;
  private final TakeoverPolicy policy;
  private final Consumer<ClaimStatus> listener;
  private final Semaphore called = new Semaphore(0);
  private final Watcher watcher = event -> called.release();
  private volatile ClaimStatus status = ClaimStatus.UNKNOWN;
  private volatile ClaimRecord lastBegun; // null until one was seen
  private volatile boolean closed;

  ClaimWatch(HeldClaims claims, TakeoverPolicy policy, Consumer<ClaimStatus> listener) {
    this.claims = claims;
    this.policy = policy;
    this.listener = listener;
  }

  /** Returns the latest status. */
  public ClaimStatus status() {
    return status;
  }

  /**
   * Returns a guard that wins a claim which nobody holds. It declines if another holder has won
   * since, and while the ensemble is unavailable, whatever {@link Unavailable} says. A backup that
   * had won before and has not stopped yet has the guard's release timeout for it.
   *
   * @param vacant a status of this watch; the guard claims only if nothing has changed since
   * @return a guard for one takeover
   * @throws IllegalArgumentException if the claim is held, or the status isn't known
   */
  public TakeoverGuard successor(ClaimStatus vacant) {
    if (!Objects.requireNonNull(vacant, "vacant").isKnown() || vacant.isHeld()) {
      throw new IllegalArgumentException("vacant " + vacant + " is not a status without a holder");
    }
    ClaimRecord record = vacant.record();
    ClaimRecord before = lastBegun;
    return new VacancyGuard(claims, policy, record, before == null ? record : before);
  }

  /**
   * Returns a guard for a server on this guard's own claim, which its closing doesn't release. The
   * guard declines while there is none. With {@link ZooKeeperGuard.Builder#failsafe}, the claim has
   * that mode from {@link #advertise} on, and the server's backups are asked.
   *
   * @return for the servers of one takeover
   */
  public TakeoverGuard serving() {
    return request ->
        new SubClaim(
            claims
                .current()
                .orElseThrow(() -> new ClaimDeclinedException("this guard holds no claim")));
  }

  /**
   * Writes to the record where the holder of this guard's claim serves in its turn. Other backups
   * read it as {@link ClaimStatus#address()}, connect there, and may be armed against the holder.
   * Blocks until the ensemble has answered, for at most the guard's request timeout.
   *
   * @param address where it listens, in the form that the other backups expect
   * @return whether it is in the record; false without a valid claim
   */
  public boolean advertise(String address) {
    return claims.advertise(Objects.requireNonNull(address, "address"));
  }

  /**
   * Tells whether a watch of this guard has promised a holder in failsafe mode not to take over,
   * and that promise lasts. Such a holder runs on, although the claim counts as ended once its
   * session has expired.
   */
  public boolean isHoldingBack() {
    return claims.areHoldingBack();
  }

  /**
   * Tells where the links of the watches go that begin from now on. A watch may be armed against a
   * backup that has begun only if its link goes to that one.
   *
   * @param address the {@link ClaimStatus#address()} to which they go; empty, as at the start, for
   *     the source's own
   */
  public void linkTo(String address) {
    claims.linkTo(Objects.requireNonNull(address, "address"));
  }

  /** Reads until it is closed. Blocks. */
  void run() {
    claims.mayClaim();
    while (!closed) {
      update(observed());
      try {
        if (called.tryAcquire(POLL.toNanos(), TimeUnit.NANOSECONDS)) {
          called.drainPermits();
        }
      } catch (InterruptedException e) {
        return; // nobody interrupts this thread but the end of its pool
      }
    }
  }

  /** Has the status read at once. */
  void wake() {
    called.release();
  }

  private ClaimStatus observed() {
    CompletableFuture<ClaimStatus> answer = claims.ensemble().read().thenCompose(this::statusOf);
    try {
      return Deadline.in(policy.requestTimeout()).await(answer);
    } catch (TimeoutException | ExecutionException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "the claim can't be read, and is read again", e);
      return ClaimStatus.UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ClaimStatus.UNKNOWN;
    }
  }

  private CompletableFuture<ClaimStatus> statusOf(ClaimRecord record) {
    boolean own = claims.contains(record.claimId());
    CompletableFuture<ClaimState> state =
        record.namesHolder()
            ? claims.ensemble().stateOf(record.claimId(), watcher)
            : CompletableFuture.completedFuture(ClaimState.ENDED);
    return state.thenApply(now -> status.next(record, now != ClaimState.ENDED, own));
  }

  private void update(ClaimStatus now) {
    if (now == status || closed) {
      return;
    }
    if (now.isHeld() && now.hasBegun()) {
      lastBegun = now.record();
    }
    status = now;
    try {
      listener.accept(now);
    } catch (Throwable e) { // what a listener throws must not end the watch
      LOGGER.log(System.Logger.Level.ERROR, "a listener of a claim failed at " + now, e);
    }
  }

  /** Ends the watch. A call of the listener may still be running; no other one begins. */
  @Override
  public void close() {
    closed = true;
    wake();
  }
}
