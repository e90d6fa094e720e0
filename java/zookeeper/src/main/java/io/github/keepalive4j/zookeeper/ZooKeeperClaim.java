package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;

/**
 * A claim on the ensemble under a lease: it is valid until some time after the last request that a
 * quorum has granted was <em>sent</em>, by the monotonic clock, so that a holder which was paused
 * or cut off knows without being told.
 */
final class ZooKeeperClaim implements Claim {
  private static final int RENEWALS_PER_LEASE = 4;

  private enum State {
    HELD,
    LOST,
    RELEASED
  }

  private final HeldClaims claims;
  private final Ensemble ensemble;
  private final String id;
  private final ClaimRecord superseded;
  private final long token;
  private final long leaseNs;
  private final Future<?> renewals;
  private final List<Consumer<ClaimLoss>> listeners = new ArrayList<>(); // guarded by this
  private State state = State.HELD; // guarded by this
  private ClaimLoss loss; // guarded by this; null unless lost
  private long validUntilNs; // guarded by this
  private volatile String answer = "";
  private volatile int version; // the record's, as far as it is known to be of this reign
  private volatile boolean begun;

  /**
   * Takes up a claim that has been won.
   *
   * @param sentNs when the request that won it was sent
   */
  ZooKeeperClaim(
      HeldClaims claims,
      String id,
      ClaimRecord superseded,
      long token,
      long sentNs,
      Duration lease) {
    this.claims = claims;
    this.ensemble = claims.ensemble();
    this.id = id;
    this.superseded = superseded;
    this.token = token;
    this.leaseNs = lease.toNanos();
    this.validUntilNs = sentNs + leaseNs;
    this.version = superseded.version() + 1;
    this.renewals = claims.everyNs(leaseNs / RENEWALS_PER_LEASE, this::tick);
  }

  /** Notes what the holder before said to its end. */
  void superseding(String predecessorsAnswer) {
    answer = "; " + predecessorsAnswer;
  }

  private void tick() {
    if (isOverdue()) {
      claims.runSoon(this::isValid);
    } else {
      renew();
    }
  }

  /** Asks the ensemble whether the claim is still held. */
  void renew() {
    long sentNs = System.nanoTime();
    CompletableFuture<CuratorEvent> unused =
        ensemble
            .renew(version, id, claims.holder())
            .whenComplete((event, error) -> renewed(sentNs, EnsembleErrors.codeOf(error)));
  }

  private void renewed(long sentNs, Code code) {
    switch (code) {
      case OK -> extend(sentNs);
      case BADVERSION -> findSuccessor();
      case NONODE -> loseSoon("the claim's node is gone from " + ensemble.record());
      default -> {
        // the lease runs
      }
    }
  }

  /**
   * A request that crosses the one by which the holder begins finds its version changed, too. The
   * server that has answered so knows by what.
   */
  private void findSuccessor() {
    CompletableFuture<Void> unused =
        ensemble
            .readNearby()
            .thenAccept(
                now -> {
                  if (now.isOn(id)) {
                    version = now.version();
                  } else {
                    loseSoon("superseded: somebody else has claimed " + ensemble.record());
                  }
                });
  }

  private synchronized void extend(long sentNs) {
    if (sentNs + leaseNs - validUntilNs > 0 && !isOverdue()) {
      validUntilNs = sentNs + leaseNs;
    }
  }

  private synchronized boolean isOverdue() {
    return state == State.HELD && System.nanoTime() - validUntilNs >= 0;
  }

  /** Loses the claim as of now, on a thread that may block. */
  void loseSoon(String reason) {
    long nowNs = System.nanoTime();
    claims.runSoon(() -> lose(reason, nowNs));
  }

  private void lose(String reason, long endedNs) {
    List<Consumer<ClaimLoss>> told;
    ClaimLoss lost;
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.LOST;
      lost = new ClaimLoss(reason, endedNs - validUntilNs < 0 ? endedNs : validUntilNs);
      loss = lost;
      told = List.copyOf(listeners);
    }
    end();
    told.forEach(listener -> listener.accept(lost));
    ensemble.delete(id); // the surrender: only now has the holder stopped
  }

  @Override
  public boolean isValid() {
    long endedNs;
    synchronized (this) {
      if (!isOverdue()) {
        return state == State.HELD;
      }
      endedNs = validUntilNs;
    }
    lose(
        "the ensemble was not heard for the lease of "
            + TimeUnit.NANOSECONDS.toMillis(leaseNs)
            + " ms",
        endedNs);
    return false;
  }

  /** In doubt while the connection is: whoever hasn't begun yet need not. */
  @Override
  public boolean mayBegin() {
    return ensemble.isConnected() && isValid();
  }

  /** Until this is on record, whoever came second may take over once the claim is gone. */
  @Override
  public boolean announce() {
    if (!begun && mayBegin()) {
      begin();
    }
    return begun && mayBegin();
  }

  /** Not to be interrupted: what has been sent may be on record, and then nobody else begins. */
  private void begin() {
    RetryingCall call = claims.newCall();
    boolean answered = false;
    boolean interrupted = false;
    while (!answered) {
      try {
        version = call.await(() -> ensemble.begin(version, id, token, claims.holder()));
        begun = true;
        answered = true;
      } catch (AlreadyClaimedException | EnsembleUnavailableException e) {
        answered = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public OptionalLong token() {
    return OptionalLong.of(token);
  }

  @Override
  public OptionalLong supersedes() {
    return OptionalLong.of(superseded.token());
  }

  @Override
  public Optional<String> resource() {
    return Optional.of(ensemble.record());
  }

  @Override
  public String description() {
    return "won " + ensemble.record() + " as " + claims.holder() + answer;
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    ClaimLoss already;
    synchronized (this) {
      already = loss;
      listeners.add(listener);
    }
    if (already != null) {
      listener.accept(already);
    }
  }

  @Override
  public void release() {
    synchronized (this) {
      if (state != State.HELD) {
        return;
      }
      state = State.RELEASED;
    }
    end();
    ensemble.delete(id);
  }

  private void end() {
    renewals.cancel(false);
    claims.forget(this);
  }
}
