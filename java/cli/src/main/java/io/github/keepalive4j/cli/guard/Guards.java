package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.guard.Takeover;
import io.github.keepalive4j.internal.guard.WatchJournal;
import io.github.keepalive4j.zookeeper.Arming;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import io.github.keepalive4j.zookeeper.ClaimWatch;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The guards that must agree before a takeover or before a source serves, and their journal. */
public final class Guards implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Then it is tried why there is no connection, which may take some more seconds. */
  private static final Duration BEFORE_TRIAL = Duration.ofSeconds(1);

  private static final Duration TRIAL = Duration.ofSeconds(5);

  private final JournalKeeper journal;
  private final String ensemble; // null for none
  private final String sourceId; // null for none
  private final ZooKeeperGuard.Builder trial; // null for none
  private final ZooKeeperGuard claims; // null for none
  private final ArmingReporter arming; // null for none
  private final List<TakeoverGuard> guards = new ArrayList<>();
  private final AtomicBoolean fenceHasFailed = new AtomicBoolean();
  private Duration timeout = Duration.ZERO;
  private volatile ClaimWatch watched; // null before watchClaim, and without claims

  /** Starts without a guard. */
  Guards(JournalKeeper journal) {
    this.journal = journal;
    this.ensemble = null;
    this.sourceId = null;
    this.trial = null;
    this.claims = null;
    this.arming = null;
  }

  /**
   * Takes over the guard of an ensemble, and closes it.
   *
   * @param trial makes another guard like it
   */
  Guards(
      JournalKeeper journal,
      String ensemble,
      String sourceId,
      ZooKeeperGuard.Builder trial,
      ZooKeeperGuard claims,
      ArmingReporter arming,
      Duration claimTimeout) {
    this.journal = journal;
    this.ensemble = ensemble;
    this.sourceId = sourceId;
    this.trial = trial;
    this.claims = claims;
    this.arming = arming;
    guards.add(claims);
    timeout = claimTimeout;
  }

  /** Adds a fence, which is called after the existing guards. */
  void add(TakeoverGuard fence, Duration limit) {
    guards.add(request -> noted(fence, request));
    timeout = timeout.plus(limit);
  }

  private Claim noted(TakeoverGuard fence, ClaimRequest request) throws Exception {
    try {
      return fence.claim(request);
    } catch (ClaimDeclinedException e) {
      fenceHasFailed.set(true);
      throw e;
    }
  }

  /** Tells whether a fence has failed since this was last asked. */
  public boolean takeFenceFailure() {
    return fenceHasFailed.getAndSet(false);
  }

  /** Watches who holds the claim, if there are claims. */
  public Optional<ClaimWatch> watchClaim(Consumer<ClaimStatus> listener) {
    watched = claims == null ? null : claims.watchClaim(listener);
    return Optional.ofNullable(watched);
  }

  /** Has a server serve on the claim that this backup holds, without releasing that. */
  public KeepaliveServer.Builder onOwnClaim(KeepaliveServer.Builder server) {
    return watched == null ? server : server.guard(watched.serving(), CONNECT_TIMEOUT);
  }

  /** Tells the other backups where this one serves after its takeover. Returns whether it did. */
  public boolean advertise(String address) {
    return watched != null && watched.advertise(address);
  }

  /** Tells whether a holder in failsafe mode runs on because this backup doesn't take over. */
  public boolean areHoldingBack() {
    return watched != null && watched.isHoldingBack();
  }

  /** The next links go to an address that another backup advertises; empty for the source's. */
  public void linkTo(String address) {
    if (watched != null) {
      watched.linkTo(address);
    }
  }

  /**
   * Makes the way to a claim that nobody holds: past all guards, with each step in the journal.
   *
   * @param vacancy asked in place of the guard that a link's failure would ask for the claim
   * @param environment what a fence is told
   */
  public Takeover takeover(
      TakeoverGuard vacancy, String peer, Map<String, String> environment, Output output) {
    List<TakeoverGuard> all = new ArrayList<>(guards);
    all.set(0, vacancy);
    GuardSetting setting =
        GuardSetting.of(
            TakeoverGuard.allOf(all.toArray(TakeoverGuard[]::new)),
            timeout,
            (failures, leftNs) -> ClaimRequest.afterClaimEnd(environment, leftNs));
    WatchJournal record = journal.newWatch(peer, output);
    record.claimEnded(peer, environment.get("KEEPALIVE_CAUSE"));
    return new Takeover(setting, record, Runnable::run);
  }

  /** Returns whether a grant is a claim that ends with this process. */
  public boolean haveClaims() {
    return claims != null;
  }

  /** Returns the guard of the ensemble, if there is one. */
  public Optional<ZooKeeperGuard> claims() {
    return Optional.ofNullable(claims);
  }

  /** Tells whether a takeover could be granted now. */
  public boolean areReady() {
    return claims == null
        || (claims.isConnected() && claims.arming().state() == Arming.State.ARMED);
  }

  /** Returns the source's name on the ensemble, if there is one. */
  public Optional<String> sourceId() {
    return Optional.ofNullable(sourceId);
  }

  /** Waits for the ensemble, but not if it is down. */
  public void awaitEnsemble(Output output) throws InterruptedException {
    if (claims == null || claims.awaitConnected(BEFORE_TRIAL)) {
      return;
    }
    Optional<String> trouble = trouble();
    if (trouble.isPresent()) {
      output.event(GuardEvent.unreachable(ensemble, trouble.get()));
    }
  }

  /** Returns why a claim was declined, also what keeps the ensemble from being reached. */
  public String describe(ClaimDeclinedException declined) throws InterruptedException {
    String reason = Messages.of(declined);
    return trouble().map(trouble -> reason + "; " + trouble).orElse(reason);
  }

  /** Tries why there is no connection, because ZooKeeper's client only logs it. */
  private Optional<String> trouble() throws InterruptedException {
    return claims == null || claims.isConnected()
        ? Optional.empty()
        : trial.dryRun(TRIAL).failure();
  }

  /**
   * Waits until nobody holds the claim, for at most this time. Without an ensemble nobody ever
   * does.
   */
  public void awaitUnclaimed(Duration limit) throws InterruptedException {
    if (claims != null) {
      boolean unused = claims.awaitUnclaimed(limit);
    }
  }

  /** A link is up: from now on it matters whether this backup could take over. */
  public void linkUp() {
    if (arming != null) {
      arming.linkUp();
    }
  }

  public KeepaliveMonitor.Builder on(KeepaliveMonitor.Builder monitor) {
    journal.on(monitor);
    return guards.isEmpty() ? monitor : monitor.guard(all(), timeout);
  }

  public KeepaliveServer.Builder on(KeepaliveServer.Builder server) {
    journal.on(server);
    return guards.isEmpty() ? server : server.guard(all(), timeout);
  }

  private TakeoverGuard all() {
    return TakeoverGuard.allOf(guards.toArray(TakeoverGuard[]::new));
  }

  /**
   * Returns when the claims are released and the journal is closed, even if another thread releases
   * them.
   */
  @Override
  public synchronized void close() {
    if (claims != null) {
      claims.close();
    }
    journal.close();
  }
}
