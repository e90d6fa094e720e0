package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.jspecify.annotations.Nullable;

/**
 * Lets exactly one backup take a source's place, by a claim on an Apache ZooKeeper ensemble. Each
 * backup of a source opens one guard, and so does the source, which serves on a claim of its own.
 * The module's README explains the algorithm and what it survives.
 *
 * <p>A claim ends in one of three ways:
 *
 * <ul>
 *   <li>It is released: by {@link Claim#release()}, by closing the server or this guard, or by the
 *       end of the process, then once its session has expired.
 *   <li>It is superseded: the holder says so within {@link Builder#acknowledgeTimeout} and is
 *       called back ({@code onClaimLost}). Once that has returned, its node is deleted. The next
 *       holder waits for that, for at most {@link Builder#releaseTimeout}.
 *   <li>Its lease ends: no quorum has answered for two thirds of the session timeout. The holder is
 *       called back by its own clock. A shorter interruption costs nothing, unless {@link
 *       Builder#loseWhenSuspended} says so, but no callback begins during it.
 * </ul>
 *
 * <p>A source that is alive but can't reach the ensemble runs on beside its successor until its
 * lease ends. A paused one runs on until it next asks {@link Claim#isValid()}. What it had begun
 * before may still reach the storage. Two remedies help: a storage that refuses a token smaller
 * than the largest it has seen, or a {@link io.github.keepalive4j.FenceGuard} after this guard in
 * {@link TakeoverGuard#allOf}. {@link LiveHolder#AWAIT} never replaces a holder whose session is
 * alive.
 *
 * <p>The lease doesn't notice a sleep of the machine; the first contact with the ensemble does.
 *
 * <p>Thread-safe. A guard stays connected from {@link Builder#open} on, so a claim costs one write
 * to a quorum, and the callback's beginning another.
 */
public final class ZooKeeperGuard implements TakeoverGuard, AutoCloseable {
  private final TakeoverPolicy policy;
  private final CuratorFramework client;
  private final GuardThreads threads;
  private final TokenFloor floor;
  private final Ensemble ensemble;
  private final HeldClaims claims;
  private final ArmedWatches watches;
  private final PersistentWatcher watcher;
  private final List<ClaimWatch> claimWatches = new CopyOnWriteArrayList<>();

  private ZooKeeperGuard(Builder builder) {
    policy =
        new TakeoverPolicy(
            builder.acknowledgeTimeout,
            builder.releaseTimeout,
            builder.requestTimeout,
            builder.liveHolder,
            builder.whenUnavailable);
    client = Ensemble.newClient(builder.connectString, builder.sessionTimeout, builder.clientSetUp);
    threads = new GuardThreads("keepalive-claim-" + builder.sourceId + "-");
    floor = new TokenFloor(builder.floorFile);
    ensemble =
        new Ensemble(
            client,
            new Chroot(builder.connectString, builder.sessionTimeout, builder.clientSetUp, threads),
            floor,
            builder.sourceId);
    claims =
        new HeldClaims(
            new ClaimContext(
                ensemble,
                Member.newOwner(),
                builder.holder,
                builder.requestTimeout,
                threads,
                builder.failsafe));
    watches = new ArmedWatches(builder.armingListener);
    Exposure exposure = new Exposure(client, ensemble, threads, builder.warningListener);
    EnsembleEvents events =
        new EnsembleEvents(claims, watches, threads, builder.loseWhenSuspended, exposure);
    client.getConnectionStateListenable().addListener((source, state) -> events.on(state));
    client.start();
    watcher =
        ensemble.watch(
            event -> {
              events.on(event);
              claimWatches.forEach(ClaimWatch::wake);
            });
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param connectString the ensemble's servers, as {@code host:port,host:port,host:port}, with an
   *     optional path on the ensemble, which is made if it is missing
   * @param sourceId the source's name on the ensemble, the same for the source and all its backups:
   *     1 to 128 letters, digits, dots, hyphens and underscores, and no dot at the start
   * @return a new builder
   * @throws IllegalArgumentException if {@code sourceId} has another form
   */
  public static Builder builder(String connectString, String sourceId) {
    return new Builder(connectString, sourceId);
  }

  /**
   * Waits until the guard is connected to the ensemble.
   *
   * @param timeout how long to wait at most
   * @return whether it is connected
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean awaitConnected(Duration timeout) throws InterruptedException {
    return client.blockUntilConnected(
        Math.toIntExact(Objects.requireNonNull(timeout, "timeout").toMillis()),
        TimeUnit.MILLISECONDS);
  }

  /** Tells whether the guard is connected to the ensemble now. */
  public boolean isConnected() {
    return ensemble.isConnected();
  }

  /**
   * Returns the claim that this guard holds now. Returns at once, and ends no claim: one whose
   * lease is over is left out.
   *
   * @return the claim, empty if there is none
   */
  public Optional<Claim> heldClaim() {
    return claims.current().map(claim -> claim);
  }

  /**
   * Waits until nobody holds the source: nobody has claimed it yet, its latest holder has released
   * the claim, or that holder's session has ended. Waits for the ensemble, too.
   *
   * @param timeout how long to wait at most; a century is for ever
   * @return whether nobody held it a moment ago
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean awaitUnclaimed(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.in(Objects.requireNonNull(timeout, "timeout"));
    return new HolderWait(ensemble).awaitUnclaimed(deadline);
  }

  /**
   * Reads the current holder, and tries a takeover's requests without effect. The returned guard
   * may replace that holder, or a backup that beat it but has not started its callback. It declines
   * if it has not read the holder before the verdict. While there is a connection, this waits for
   * the answer, for at most {@link Builder#requestTimeout}.
   *
   * @return the guard of one watch
   */
  @Override
  public TakeoverGuard arm() {
    FollowedRecord followed = new FollowedRecord(claims, threads, watches);
    Membership membership = claims.newMembership(followed);
    followed.check();
    if (ensemble.isConnected()) {
      followed.awaitFirstCheck(policy.requestTimeout());
    }
    return new ArmedGuard(claims, policy, followed, watches, membership);
  }

  /** Tells whether this guard could take over now, in the worst of its watches. */
  public Arming arming() {
    return watches.latest();
  }

  /** Tells whether a failsafe holder has asked each watch. */
  boolean isKnownToHolder() {
    return claims.areKnownToHolder();
  }

  /**
   * Claims the source for a server. Waits for the session of another holder to end. If this guard
   * holds the claim already, it returns that claim.
   *
   * @param request a source's request; a backup claims through {@link #arm}
   * @return the claim
   * @throws ClaimDeclinedException if another holder has the claim, or the ensemble is unavailable
   * @throws InterruptedException if interrupted; no claim is left behind
   */
  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    if (Objects.requireNonNull(request, "request").isTakeover()) {
      throw new ClaimDeclinedException("the guard was not armed when the watch began");
    }
    try {
      Claim own = claims.valid().orElse(null);
      return own == null ? new ServerClaim(claims).win(Deadline.of(request)) : own;
    } catch (EnsembleUnavailableException e) {
      return policy.whenUnavailable().answer(e);
    }
  }

  /**
   * Watches who holds the claim, from now until the watch or this guard is closed. So a backup that
   * was beaten sees the end of the winner's claim, and may take over then.
   *
   * @param listener called at each change, one call after the other, on a thread of this guard; it
   *     may block
   * @return a watch, whose status isn't known before the first call
   */
  public ClaimWatch watchClaim(Consumer<ClaimStatus> listener) {
    ClaimWatch watch = new ClaimWatch(claims, policy, Objects.requireNonNull(listener, "listener"));
    claimWatches.add(watch);
    threads.runBlocking(watch::run);
    return watch;
  }

  /**
   * Releases this guard's claims without calling their holders back, and disconnects. The end of
   * the connection ends each claim. So this waits for a holder that stops because its claim was
   * lost, for at most {@link Builder#releaseTimeout}.
   */
  @Override
  public void close() {
    claimWatches.forEach(ClaimWatch::close);
    claims.releaseAll();
    claims.awaitGivenUp(policy.releaseTimeout());
    watcher.close();
    threads.stopTimer();
    client.close();
    threads.stopBlocking();
    floor.close();
  }

  /** Sets a guard's options. Not thread-safe. */
  public static final class Builder extends GuardTimeouts<Builder> {
    private final String connectString;
    private final String sourceId;
    private String holder = HolderName.ofThisProcess();
    private LiveHolder liveHolder = LiveHolder.REVOKE;
    private Unavailable whenUnavailable = Unavailable.DECLINE;
    private boolean loseWhenSuspended;
    private FloorFile floorFile = FloorFile.NONE;
    private Consumer<Arming> armingListener = arming -> {};
    private @Nullable Consumer<FailsafeState> failsafe; // null for none
    private Consumer<String> warningListener = warning -> {};
    private UnaryOperator<CuratorFrameworkFactory.Builder> clientSetUp = client -> client;

    private Builder(String connectString, String sourceId) {
      this.connectString = Objects.requireNonNull(connectString, "connectString");
      this.sourceId = SourceId.checked(sourceId);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * Sets this side's name in the record and in the reasons that other sides give.
     *
     * @param holder any text, by default the host's name and the process id
     * @return this builder
     */
    public Builder holder(String holder) {
      this.holder = Objects.requireNonNull(holder, "holder");
      return this;
    }

    /**
     * Sets what a backup does about a holder whose session is alive.
     *
     * @param liveHolder by default {@link LiveHolder#REVOKE}
     * @return this builder
     */
    public Builder liveHolder(LiveHolder liveHolder) {
      this.liveHolder = Objects.requireNonNull(liveHolder, "liveHolder");
      return this;
    }

    /**
     * Sets how the guard answers while the ensemble is unavailable.
     *
     * @param whenUnavailable by default {@link Unavailable#DECLINE}
     * @return this builder
     */
    public Builder whenUnavailable(Unavailable whenUnavailable) {
      this.whenUnavailable = Objects.requireNonNull(whenUnavailable, "whenUnavailable");
      return this;
    }

    /**
     * Sets whether a claim is lost as soon as the connection is suspended instead of at the end of
     * its lease. A restart of one of the ensemble's servers suspends it for a moment.
     *
     * @param loseWhenSuspended by default false
     * @return this builder
     */
    public Builder loseWhenSuspended(boolean loseWhenSuspended) {
      this.loseWhenSuspended = loseWhenSuspended;
      return this;
    }

    /**
     * Sets a file that keeps the greatest token seen, and reads it. Each later token is greater,
     * also on an ensemble that was rebuilt empty. Each guard needs a file of its own.
     *
     * @param file missing at the first start; no takeover and no stop waits for its disk
     * @return this builder
     * @throws IOException if it can't be read or replaced, or has anything but a number
     */
    public Builder tokenFloor(Path file) throws IOException {
      this.floorFile = FloorFile.read(file);
      return this;
    }

    /**
     * Sets who hears whether this guard could take over. A guard that isn't armed tries again until
     * it is, at least every second.
     *
     * @param armingListener takes each change, one after the other, on the thread that begins a
     *     watch or on one of the guard's own; what it throws is logged
     * @return this builder
     */
    public Builder armingListener(Consumer<Arming> armingListener) {
      this.armingListener = Objects.requireNonNull(armingListener, "armingListener");
      return this;
    }

    /**
     * Lets a source keep its claim through an outage of the ensemble while each backup promises
     * over its link not to take over. So does a backup that took over and serves in its turn.
     * {@code FAILSAFE.md} says how, and what that assumes.
     *
     * @param listener hears when that begins and ends, on one of the guard's threads
     * @return this builder
     */
    public Builder failsafe(Consumer<FailsafeState> listener) {
      this.failsafe = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Sets who hears once after the guard has connected that anyone may delete a claim.
     *
     * @param warningListener takes the warning, for people to read, on one of the guard's threads
     * @return this builder
     */
    public Builder warningListener(Consumer<String> warningListener) {
      this.warningListener = Objects.requireNonNull(warningListener, "warningListener");
      return this;
    }

    /**
     * Sets up the client further, for example with authentication, access control or TLS.
     *
     * @param setUp changes Curator's own builder
     * @return this builder
     */
    public Builder client(UnaryOperator<CuratorFrameworkFactory.Builder> setUp) {
      this.clientSetUp = Objects.requireNonNull(setUp, "setUp");
      return this;
    }

    /**
     * Tries now what a claim will need: a session, the record, and each write of a takeover.
     * Nothing is changed, nobody is replaced, and no guard is opened.
     *
     * @param timeout 1 ms to 1 hour; an ensemble that hangs is reported then
     * @return what a claim would meet
     * @throws IllegalArgumentException if {@code timeout} is outside that range
     * @throws InterruptedException if interrupted
     */
    public DryRun dryRun(Duration timeout) throws InterruptedException {
      Duration limit = checked("timeout", timeout, Duration.ofMillis(1));
      return EnsembleTrial.run(connectString, sourceId, sessionTimeout, clientSetUp, limit);
    }

    /**
     * Begins to connect, and returns without waiting for the connection.
     *
     * @return the guard, to be closed by the caller
     */
    public ZooKeeperGuard open() {
      return new ZooKeeperGuard(this);
    }
  }
}
