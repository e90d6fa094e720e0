package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.ClaimDeclinedException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * A claim on the ensemble with a lease. The lease runs, on the monotonic clock, from the
 * <em>sending</em> of the last request that a quorum granted. A holder that was paused or cut off
 * therefore knows by itself that the lease is over. Thread-safe.
 */
final class ZooKeeperClaim extends AbstractClaim {
  private static final int RENEWALS_PER_LEASE = 4;

  /** The lease is two thirds of the session timeout: the last third is for the holder to stop. */
  private static final int LEASE_NUMERATOR = 2;

  private static final int LEASE_DENOMINATOR = 3;

  private final ClaimContext context;
  private final Ensemble ensemble;
  private final String id;
  private final ClaimRecord replaced;
  private final ClaimRecord won;
  private final long leaseNs;
  private final Consumer<ZooKeeperClaim> onEnd;
  private final Future<?> renewals;
  private volatile String replacedNote = "";
  private volatile int version; // the record's latest one that is known to be of this claim
  private volatile Holder holder;
  private volatile boolean begun;
  private volatile Thread loser; // calls the loss listeners; null before that
  private volatile @Nullable Failsafe failsafe; // null without that mode, and before it serves
  private volatile @Nullable Backups served; // null until a server serves on it
  private final AtomicBoolean renewing = new AtomicBoolean();
  private volatile long grantedNs; // when the last request or question was sent that was granted
  private final CompletableFuture<Void> givenUp = new CompletableFuture<>();

  /**
   * Holds a claim that has been won, and begins to renew it.
   *
   * @param replaced the record that the claim's transaction replaced
   * @param won the record that it wrote
   * @param sentNs when the request that won it was sent, on {@link System#nanoTime}'s clock
   * @param onEnd called once, when the claim is lost or released
   */
  ZooKeeperClaim(
      ClaimContext context,
      ClaimRecord replaced,
      ClaimRecord won,
      long sentNs,
      Consumer<ZooKeeperClaim> onEnd) {
    this.context = context;
    this.ensemble = context.ensemble();
    this.id = won.claimId();
    this.holder = won.holder();
    this.replaced = replaced;
    this.won = won;
    this.onEnd = onEnd;
    this.leaseNs =
        ensemble
            .sessionTimeout()
            .multipliedBy(LEASE_NUMERATOR)
            .dividedBy(LEASE_DENOMINATOR)
            .toNanos();
    this.failsafe = newFailsafe();
    addLossListener(loss -> loser = Thread.currentThread());
    this.grantedNs = sentNs;
    renew(sentNs + leaseNs);
    this.version = won.version();
    this.renewals =
        context.threads().every(Duration.ofNanos(leaseNs / RENEWALS_PER_LEASE), this::tick);
  }

  private @Nullable Failsafe newFailsafe() {
    // A promise must outlast the lease that rests on it.
    boolean canPromise = TimeUnit.MILLISECONDS.toNanos(holder.failsafeMs()) > leaseNs;
    return canPromise ? new Failsafe(context) : null;
  }

  boolean isFor(String claimId) {
    return id.equals(claimId);
  }

  /** Adds to the description whether the replaced holder has stopped. */
  void noteReplaced(String note) {
    replacedNote = "; " + note;
  }

  private void tick() {
    if (isOverdue()) {
      context.threads().runBlocking(this::isValid);
    } else if (isHeld() && failsafe == null) {
      renew();
    } else if (isHeld()) {
      if (System.nanoTime() - grantedNs >= leaseNs / 2) {
        askBackups(failsafe);
      }
      if (renewing.compareAndSet(false, true)) {
        context.threads().runBlocking(this::renewWithoutHaste);
      }
    }
  }

  /**
   * Renews on another thread: while there is no ensemble, a request may take as long as a lease.
   */
  private void renewWithoutHaste() {
    try {
      renew();
    } finally {
      renewing.set(false);
    }
  }

  private void askBackups(Failsafe backups) {
    Optional<CompletableFuture<Long>> promises = backups.askAll();
    if (promises.isPresent()) {
      CompletableFuture<Void> unused = promises.get().thenAccept(this::promised);
    }
  }

  private synchronized void granted(long sentNs) {
    grantedNs = sentNs - grantedNs > 0 ? sentNs : grantedNs;
    renew(sentNs + leaseNs);
  }

  /** Extends the lease: no backup takes over before its end. */
  private void promised(long sentNs) {
    if (sentNs - grantedNs > 0 && isValidNow()) {
      granted(sentNs);
      failsafe.become(FailsafeState.ON);
    }
  }

  private boolean isValidNow() {
    return isHeld() && !isOverdue();
  }

  /** Asks the ensemble whether the claim is still held, and extends the lease if it is. */
  void renew() {
    long sentNs = System.nanoTime();
    CompletableFuture<CuratorEvent> unused =
        ensemble
            .renew(version, id, holder)
            .whenComplete((event, error) -> renewed(sentNs, event, EnsembleErrors.codeOf(error)));
  }

  private void renewed(long sentNs, CuratorEvent event, Code code) {
    switch (code) {
      case OK -> {
        answered(sentNs);
        rebindIfOld(event);
      }
      case BADVERSION -> checkHolder();
      case NONODE -> {
        if (failsafe != null && begun) {
          reclaim();
        } else {
          loseNode();
        }
      }
      default -> {
        // no answer that says anything: the lease runs on
      }
    }
  }

  private void answered(long sentNs) {
    granted(sentNs);
    if (failsafe != null) {
      failsafe.renewed(sentNs);
      failsafe.become(FailsafeState.OFF);
      CompletableFuture<Void> unused = ensemble.members().thenAccept(failsafe::read);
    }
  }

  /**
   * After an outage the node may be of a session that the ensemble has yet to end. Backups that
   * then found no node would take the claim for vacant.
   */
  private void rebindIfOld(CuratorEvent renewal) {
    if (failsafe != null && ensemble.isOfFormerSession(renewal)) {
      CompletableFuture<CuratorEvent> unused = ensemble.rebind(version, id, holder);
    }
  }

  /**
   * Makes the node anew: the session ended while the backups' promises kept the claim. Before the
   * holder has begun, a write of the record would change its token.
   */
  private void reclaim() {
    long sentNs = System.nanoTime();
    CompletableFuture<CuratorEvent> unused =
        ensemble
            .reclaim(version, won, holder)
            .whenComplete((event, error) -> reclaimed(sentNs, EnsembleErrors.codeOf(error)));
  }

  private void reclaimed(long sentNs, Code code) {
    switch (code) {
      case OK -> {
        granted(sentNs);
        checkHolder(); // reads the version
      }
      case NONODE -> loseNode();
      case BADVERSION -> checkHolder();
      default -> {
        // the next renewal tries again
      }
    }
  }

  private void loseNode() {
    loseSoon("the claim's node is gone from " + ensemble.record());
  }

  /** The session has ended. With a failsafe mode the lease decides, which promises may extend. */
  void sessionEnded() {
    if (failsafe == null) {
      loseSoon("the session on the ensemble ended");
    }
  }

  String id() {
    return id;
  }

  @Override
  public void serve(Backups backups) {
    served = backups;
    serveFailsafe();
  }

  /** Asks the backups from now on. The record must have the failsafe mode by now. */
  private void serveFailsafe() {
    if (failsafe != null && served != null) {
      failsafe.serve(served);
      renew(); // reads the members
    }
  }

  /**
   * Reads whose claim changed the version. The holder's own request to begin changes it, too, and
   * may overtake a renewal. The connected server has seen the change, so its copy is new enough. A
   * successor hears at once that this holder stops, also if it began to before.
   */
  void checkHolder() {
    CompletableFuture<Void> unused =
        ensemble
            .readNearby()
            .thenAccept(
                now -> {
                  if (now.isFor(id)) {
                    version = now.version();
                  } else {
                    CompletableFuture<CuratorEvent> unusedAnswer = ensemble.acknowledge(id, holder);
                    loseSoon("superseded: another holder has claimed " + ensemble.record());
                  }
                });
  }

  /** Tells whether it is held and its lease runs. Unlike {@link #isValid} this ends no claim. */
  boolean isCurrent() {
    return isHeld() && !isOverdue();
  }

  /** Marks the claim lost as of now, on a thread that may block. */
  void loseSoon(String reason) {
    long nowNs = System.nanoTime();
    context.threads().runBlocking(() -> lose(reason, nowNs));
  }

  @Override
  protected String overdueReason() {
    return "the lease ended: no answer from the ensemble for "
        + TimeUnit.NANOSECONDS.toMillis(leaseNs)
        + " ms";
  }

  /** False also while the connection is down: nothing new begins on a claim in doubt. */
  @Override
  public boolean mayBegin() {
    return ensemble.isConnected() && isValid();
  }

  /**
   * Writes to the record that the holder begins. Until then a backup that lost against it may take
   * over once the claim has ended. A backup that took over and begins once more does so to serve:
   * from then on others may be armed against it.
   */
  @Override
  public boolean announce() {
    if (begun && holder.role() == Holder.Role.BACKUP) {
      serveAs(holder.as(Holder.Role.SOURCE));
      begun = false;
    }
    if (!begun && mayBegin()) {
      boolean unused = begin();
    }
    return begun && mayBegin();
  }

  /** Writes to the record where the holder serves in its turn. Returns whether it is there. */
  boolean advertise(String address) {
    serveAs(holder.at(address));
    boolean written = begun && mayBegin() && begin();
    if (written) {
      serveFailsafe();
    }
    return written;
  }

  /** Others may be armed against a backup only once it serves: from then on they can be asked. */
  private void serveAs(Holder serving) {
    boolean canAsk = context.failsafe() != null;
    holder = serving.withFailsafe(canAsk ? ensemble.sessionTimeout().toMillis() : 0);
    if (failsafe == null) {
      failsafe = newFailsafe();
    }
  }

  /**
   * Sends the request until it is answered, also when interrupted. A request that was sent may be
   * in the record, and then no other backup begins. Returns whether the ensemble wrote it.
   */
  private boolean begin() {
    RetryingCall call = context.newCall();
    boolean answered = false;
    boolean written = false;
    boolean interrupted = false;
    while (!answered) {
      try {
        version = call.await(() -> ensemble.begin(version, won, holder));
        begun = true;
        written = true;
        answered = true;
      } catch (AlreadyClaimedException | EnsembleUnavailableException | ClaimDeclinedException e) {
        answered = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return written;
  }

  @Override
  public OptionalLong token() {
    return OptionalLong.of(won.token());
  }

  @Override
  public OptionalLong supersedes() {
    return OptionalLong.of(replaced.token());
  }

  @Override
  public Optional<String> resource() {
    return Optional.of(ensemble.record());
  }

  @Override
  public String description() {
    return "won " + ensemble.record() + " as " + holder.name() + replacedNote;
  }

  /** Tells the next holder, by deleting the session's node, that this one has stopped. */
  @Override
  protected void giveUp() {
    renewals.cancel(false);
    onEnd.accept(this);
    if (failsafe == null) {
      ensemble.delete(id);
    } else {
      failsafe.become(FailsafeState.OFF);
      ensemble.retire(version, won, begun, holder);
    }
    givenUp.complete(null);
  }

  /** Waits until the listeners of a loss have returned, unless one of them is the caller. */
  void awaitGivenUp(Duration limit) {
    if (loser != Thread.currentThread()) {
      givenUp.copy().completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS).join();
    }
  }
}
