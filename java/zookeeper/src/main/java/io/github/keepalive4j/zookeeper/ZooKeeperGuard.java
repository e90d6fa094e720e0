package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.Watcher;

/**
 * Lets exactly one take a source's place, by a claim on an Apache ZooKeeper ensemble. One guard is
 * one would-be holder of one source: each backup has one, and so has the source, which serves on a
 * claim of its own.
 *
 * <h2>What is on the ensemble</h2>
 *
 * <p>{@code /keepalive4j/SOURCE} is a persistent record that names who reigns. A takeover replaces
 * it by compare-and-set on the version that the backup found there <em>when its watch began</em>,
 * in one transaction with an ephemeral node for its claim: so of all backups that saw one holder
 * fail, one wins, and one that is late, or was paused meanwhile, finds another version. The token
 * is the transaction's zxid, which only grows for the life of the ensemble, whatever is deleted.
 *
 * <p>Right before its callback begins, the winner writes that it does into the record. Whoever was
 * beaten waits for that, as long as the guard's time lasts, and then declines. If the winner's
 * claim ends without it, because a guard that is asked after this one declined or the winner died,
 * the next ends that reign in its turn; the source gets its time to stop from each. So the time of
 * a backup that has a fence behind this guard should let another's fence fail first, and let a
 * session end. A winner that dies or loses the ensemble between the writing and its callback leaves
 * nobody to take over.
 *
 * <h2>How a claim ends</h2>
 *
 * <ul>
 *   <li>It is released: {@link Claim#release()}, closing the server or this guard, or the end of
 *       the process (then once the session has expired).
 *   <li>It is superseded: the holder hears it from the ensemble, is called back ({@code
 *       onClaimLost}), and <em>then</em> deletes its node, which is its surrender. The successor
 *       waits for that, for the {@linkplain Builder#releaseTimeout release timeout}.
 *   <li>Its lease ends: a holder that no quorum has answered for two thirds of its session timeout
 *       is called back, by its own clock. A connection that is suspended for less costs nothing,
 *       unless {@link Builder#loseWhenSuspended} says so; but nothing is begun while it is.
 * </ul>
 *
 * <h2>What it protects against, and what not</h2>
 *
 * <p>A source whose host died can't be told from one that is cut off, and its session outlives it
 * by seconds. {@link LiveHolder#REVOKE}, the default, takes over from it within milliseconds:
 *
 * <ul>
 *   <li>However many backups fail over, one runs. No two at once: each has won its own version.
 *   <li>A source that lives and reaches the ensemble has stopped, and said so, before its successor
 *       begins, as long as it stops within the release timeout.
 *   <li>A source that lives but doesn't reach the ensemble runs on beside its successor until its
 *       lease ends; one that is paused stops when it wakes, at its next question whether its claim
 *       is {@linkplain Claim#isValid() valid}. What it had begun before may still reach the
 *       storage. Against that there are two remedies: a storage that refuses a token smaller than
 *       it has seen, or a {@link io.github.keepalive4j.FenceGuard} after this guard in {@link
 *       TakeoverGuard#allOf}.
 * </ul>
 *
 * <p>{@link LiveHolder#AWAIT} never ends a live session's claim: it needs neither remedy against a
 * source that is cut off (one that is paused still needs the first), and takes a session timeout
 * when a host died. A source that {@linkplain io.github.keepalive4j.KeepaliveServer.Builder#guard
 * serves} always waits like that.
 *
 * <p>The monotonic clock stands still while a machine sleeps or a virtual machine is paused: such a
 * pause is noticed not by the lease but at the first contact with the ensemble.
 *
 * <p>Thread-safe. Connected from {@link Builder#open} on, so that a claim costs one write of a
 * quorum, and its beginning another.
 */
public final class ZooKeeperGuard implements TakeoverGuard, AutoCloseable {
  /** What is left of the guard's time for saying why it declines. */
  private static final Duration MARGIN = Duration.ofMillis(50);

  private static final Duration RETRY = Duration.ofMillis(200);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final System.Logger LOGGER =
      System.getLogger(ZooKeeperGuard.class.getPackageName());

  private final Duration releaseTimeout;
  private final Duration requestTimeout;
  private final LiveHolder liveHolder;
  private final Unavailable whenUnavailable;
  private final boolean loseWhenSuspended;
  private final CuratorFramework client;
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService lossExecutor;
  private final Ensemble ensemble;
  private final HeldClaims claims;
  private final PersistentWatcher watcher;

  private ZooKeeperGuard(Builder builder) {
    releaseTimeout = builder.releaseTimeout;
    requestTimeout = builder.requestTimeout;
    liveHolder = builder.liveHolder;
    whenUnavailable = builder.whenUnavailable;
    loseWhenSuspended = builder.loseWhenSuspended;
    client = builder.newClient();
    ThreadFactory threads = daemons("keepalive-claim-" + builder.sourceId + "-");
    timer = new ScheduledThreadPoolExecutor(1, threads);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    lossExecutor = Executors.newCachedThreadPool(threads);
    ensemble = new Ensemble(client, builder.sourceId);
    claims = new HeldClaims(ensemble, builder.holder, requestTimeout, timer, lossExecutor);
    client.getConnectionStateListenable().addListener((source, state) -> on(state));
    client.start();
    watcher = ensemble.watch(event -> claims.renewAll());
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Returns a builder with the defaults.
   *
   * @param connectString the ensemble's servers, as {@code host:port,host:port,host:port}
   * @param sourceId what the source is called on the ensemble: the same for all its backups and
   *     itself; 1 to 128 letters, digits, dots, hyphens and underscores, the first no dot
   * @return a new builder
   * @throws IllegalArgumentException if {@code sourceId} is not such
   */
  public static Builder builder(String connectString, String sourceId) {
    return new Builder(connectString, sourceId);
  }

  private void on(ConnectionState state) {
    switch (state) {
      case RECONNECTED -> claims.renewAll();
      case LOST -> claims.loseAll("the session on the ensemble ended");
      case SUSPENDED -> {
        if (loseWhenSuspended) {
          claims.loseAll("the connection to the ensemble was suspended");
        }
      }
      default -> {
        // nothing has ended
      }
    }
  }

  /**
   * Waits until the ensemble can be asked.
   *
   * @param timeout how long to wait at most
   * @return whether it is connected
   * @throws InterruptedException if interrupted while waiting
   */
  public boolean awaitConnected(Duration timeout) throws InterruptedException {
    return client.blockUntilConnected(Math.toIntExact(timeout.toMillis()), TimeUnit.MILLISECONDS);
  }

  /**
   * Finds out who reigns: that reign the guard that is returned may end, or that of a winner over
   * it who hasn't begun. Waits for it, for the {@linkplain Builder#requestTimeout request timeout},
   * while there is a connection; where the ensemble can't be reached, it is found once it can.
   *
   * @return the guard of one watch
   */
  @Override
  public TakeoverGuard arm() {
    CompletableFuture<ClaimRecord> found = new CompletableFuture<>();
    find(found);
    if (ensemble.isConnected()) {
      found.copy().completeOnTimeout(null, requestTimeout.toNanos(), TimeUnit.NANOSECONDS).join();
    }
    return new ArmedGuard(this, found);
  }

  private void find(CompletableFuture<ClaimRecord> found) {
    CompletableFuture<?> unused =
        ensemble
            .read()
            .whenComplete(
                (reign, error) -> {
                  if (error == null) {
                    found.complete(reign);
                    CompletableFuture<?> unusedWarmUp = ensemble.warmUp(reign);
                  } else if (!timer.isShutdown()) {
                    Object unusedLater =
                        timer.schedule(() -> find(found), RETRY.toNanos(), TimeUnit.NANOSECONDS);
                  }
                });
  }

  /**
   * Claims the source for one that wants to serve: not beside a holder whose session lives, unless
   * that is this guard itself, whose claim is given again.
   *
   * @param request a source's; a backup's is what {@link #arm} is for
   * @return the claim
   * @throws ClaimDeclinedException if it is held, or the ensemble can't be asked
   * @throws InterruptedException if interrupted; no claim is left behind
   */
  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    if (request.isTakeover()) {
      throw new ClaimDeclinedException("the guard was not armed when the watch began");
    }
    try {
      Claim own = claims.valid().orElse(null);
      return own == null ? serve(deadlineOf(request)) : own;
    } catch (EnsembleUnavailableException e) {
      return unavailable(e);
    }
  }

  private Claim serve(Deadline deadline)
      throws ClaimDeclinedException, EnsembleUnavailableException, InterruptedException {
    while (true) {
      try {
        ClaimRecord reign = new RetryingCall(deadline).await(ensemble::read);
        awaitEnd(reign, deadline);
        return new ClaimAttempt(claims, deadline).win(reign);
      } catch (AlreadyClaimedException e) {
        if (deadline.remainingNs() <= 0) {
          throw new ClaimDeclinedException("won by " + e.getMessage(), e);
        }
      }
    }
  }

  /** Claims the source for a backup that found this reign when its watch began. */
  Claim takeOver(CompletableFuture<ClaimRecord> found, ClaimRequest request)
      throws ClaimDeclinedException, InterruptedException {
    try {
      ClaimRecord armed = found(found, deadlineOf(request).orIn(requestTimeout));
      try {
        return end(armed, armed, request);
      } catch (AlreadyClaimedException e) {
        return inherit(armed, e.winner(), request);
      }
    } catch (EnsembleUnavailableException e) {
      return unavailable(e);
    }
  }

  /**
   * Ends the reign of a winner that can't begin any more, or the armed one whose holder has begun
   * only after it was found. The ensemble has answered: whatever it does now, it can be asked.
   */
  private Claim inherit(ClaimRecord armed, ClaimRecord winner, ClaimRequest request)
      throws ClaimDeclinedException, InterruptedException {
    ClaimRecord now = winner;
    while (true) {
      boolean isStillTheOneFound = now.isOn(armed.claimId());
      ClaimRecord target = isStillTheOneFound ? now : vacated(now, deadlineOf(request));
      try {
        return end(target, armed, request);
      } catch (AlreadyClaimedException e) {
        now = e.winner();
      } catch (EnsembleUnavailableException e) {
        throw new ClaimDeclinedException("won by " + now.describe() + "; " + e.getMessage(), e);
      }
    }
  }

  /**
   * Ends a reign, and waits for the holder of the armed one, who may still have to stop though
   * others have won since.
   */
  private Claim end(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws ClaimDeclinedException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    return liveHolder == LiveHolder.REVOKE
        ? revoke(target, armed, request)
        : succeed(target, armed, request);
  }

  private static ClaimRecord found(CompletableFuture<ClaimRecord> found, Deadline deadline)
      throws EnsembleUnavailableException, InterruptedException {
    try {
      return deadline.await(found);
    } catch (TimeoutException | ExecutionException e) {
      throw new EnsembleUnavailableException("it was never reached while the link was well");
    }
  }

  private Claim succeed(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws ClaimDeclinedException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    awaitEnd(armed, deadlineOf(request));
    // what the wait has left of the time tells nothing of the ensemble
    Deadline deadline = armed.isHeld() ? Deadline.in(requestTimeout) : deadlineOf(request);
    return new ClaimAttempt(claims, deadline).win(target);
  }

  private void awaitEnd(ClaimRecord reign, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    if (reign.isHeld() && !isGone(reign, deadline)) {
      throw new ClaimDeclinedException(
          "held by " + reign.describe() + ", whose session on the ensemble lives");
    }
  }

  private Claim revoke(ClaimRecord target, ClaimRecord armed, ClaimRequest request)
      throws AlreadyClaimedException, EnsembleUnavailableException, InterruptedException {
    Deadline deadline = deadlineOf(request);
    ZooKeeperClaim claim = new ClaimAttempt(claims, deadline.orIn(requestTimeout)).win(target);
    boolean complete = false;
    try {
      if (armed.isHeld()) {
        boolean stopped = isGone(armed, deadline.orIn(releaseTimeout));
        claim.superseding(armed.describe() + (stopped ? " has stopped" : " gave no answer"));
      }
      complete = true;
      return claim;
    } finally {
      if (!complete) {
        claim.release();
      }
    }
  }

  private boolean isGone(ClaimRecord reign, Deadline deadline) throws InterruptedException {
    return look(
            watcher ->
                ensemble
                    .isGone(reign.claimId(), watcher)
                    .thenApply(gone -> gone ? Optional.of(true) : Optional.empty()),
            LOOK_AGAIN,
            deadline)
        .isPresent();
  }

  /**
   * Waits whether the winner's claim ends before its holder has begun, as it does where a fence
   * fails or the winner dies: then that reign may be ended in its turn.
   */
  private ClaimRecord vacated(ClaimRecord winner, Deadline deadline)
      throws ClaimDeclinedException, InterruptedException {
    ClaimRecord reign = winner;
    while (!reign.hasBegun()) {
      ClaimRecord before = reign;
      reign =
          look(watcher -> changeOf(before, watcher), RETRY, deadline)
              .orElseThrow(
                  () ->
                      new ClaimDeclinedException(
                          "won by " + before.describe() + ", who has not begun yet"));
      if (reign.equals(before)) {
        return reign;
      }
    }
    throw new ClaimDeclinedException("won by " + reign.describe());
  }

  /** Gives the reign of now once that, or the end of its claim, is news. */
  private CompletableFuture<Optional<ClaimRecord>> changeOf(ClaimRecord reign, Watcher watcher) {
    return ensemble
        .isGone(reign.claimId(), watcher)
        .thenCompose(
            gone ->
                ensemble
                    .read()
                    .thenApply(now -> Optional.of(now).filter(any -> gone || !now.equals(reign))));
  }

  /**
   * Asks until there is something to tell, or the time is over. Asks again now and then, for a
   * watch that is set while the node is being deleted was seen to stay silent (ZooKeeper 3.9.4, one
   * time in four).
   */
  private static <T> Optional<T> look(
      Function<Watcher, CompletableFuture<Optional<T>>> question, Duration again, Deadline deadline)
      throws InterruptedException {
    Semaphore stirred = new Semaphore(0);
    Watcher watcher = event -> stirred.release();
    while (true) {
      try {
        Optional<T> seen = deadline.await(question.apply(watcher));
        if (seen.isPresent()) {
          return seen;
        }
      } catch (TimeoutException e) {
        return Optional.empty();
      } catch (ExecutionException e) {
        LOGGER.log(System.Logger.Level.DEBUG, "the ensemble is asked again", e);
      }
      long waitNs = Math.min(again.toNanos(), deadline.remainingNs());
      if (waitNs <= 0) {
        return Optional.empty();
      }
      if (stirred.tryAcquire(waitNs, TimeUnit.NANOSECONDS)) {
        stirred.drainPermits();
      }
    }
  }

  private static Deadline deadlineOf(ClaimRequest request) {
    return Deadline.in(request.remaining().minus(MARGIN));
  }

  private Claim unavailable(EnsembleUnavailableException error) throws ClaimDeclinedException {
    String reason = "the ensemble can't be asked: " + error.getMessage();
    if (whenUnavailable == Unavailable.DECLINE) {
      throw new ClaimDeclinedException(reason, error);
    }
    return Claim.lasting("granted without a claim, as configured, for " + reason);
  }

  /** Releases the claims that are held, without calling their holders back, and disconnects. */
  @Override
  public void close() {
    claims.releaseAll();
    watcher.close();
    timer.shutdown();
    client.close();
    lossExecutor.shutdown();
  }

  /** Collects what a guard is made with. Not thread-safe. */
  public static final class Builder {
    private static final Pattern SOURCE_ID = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
    private static final Duration MAX = Duration.ofHours(1);

    private final String connectString;
    private final String sourceId;
    private String holder = defaultHolder();
    private Duration sessionTimeout = Duration.ofSeconds(6);
    private Duration releaseTimeout = Duration.ofMillis(50);
    private Duration requestTimeout = Duration.ofSeconds(2);
    private LiveHolder liveHolder = LiveHolder.REVOKE;
    private Unavailable whenUnavailable = Unavailable.DECLINE;
    private boolean loseWhenSuspended;
    private UnaryOperator<CuratorFrameworkFactory.Builder> clientSetUp = client -> client;

    private Builder(String connectString, String sourceId) {
      if (!SOURCE_ID.matcher(sourceId).matches()) {
        throw new IllegalArgumentException(
            "sourceId \""
                + sourceId
                + "\" is not 1 to 128 letters, digits, dots, hyphens and underscores");
      }
      this.connectString = Objects.requireNonNull(connectString, "connectString");
      this.sourceId = sourceId;
    }

    private static String defaultHolder() {
      String process = Long.toString(ProcessHandle.current().pid());
      try {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip() + "/" + process;
      } catch (IOException e) {
        return process;
      }
    }

    /**
     * Sets what this side is called in the record and in others' reasons. By default the host's
     * name and the process's id.
     *
     * @param holder any text
     * @return this builder
     */
    public Builder holder(String holder) {
      this.holder = Objects.requireNonNull(holder, "holder");
      return this;
    }

    /**
     * Sets after how much silence the ensemble ends this side's session. The ensemble has bounds of
     * its own, by default 2 and 20 of its ticks; the lease follows what is agreed.
     *
     * @param sessionTimeout 100 ms to 1 hour, by default 6 s
     * @return this builder
     * @throws IllegalArgumentException if {@code sessionTimeout} is outside that range
     */
    public Builder sessionTimeout(Duration sessionTimeout) {
      this.sessionTimeout = checked("sessionTimeout", sessionTimeout, Duration.ofMillis(100));
      return this;
    }

    /**
     * Sets what a backup does about a holder whose session lives.
     *
     * @param liveHolder by default {@link LiveHolder#REVOKE}
     * @return this builder
     */
    public Builder liveHolder(LiveHolder liveHolder) {
      this.liveHolder = Objects.requireNonNull(liveHolder, "liveHolder");
      return this;
    }

    /**
     * Sets how long a superseded holder gets to stop, and to say so, before its successor begins:
     * the delay of each takeover from a holder that is dead.
     *
     * @param releaseTimeout 0 to 1 hour, by default 50 ms
     * @return this builder
     * @throws IllegalArgumentException if {@code releaseTimeout} is outside that range
     */
    public Builder releaseTimeout(Duration releaseTimeout) {
      this.releaseTimeout = checked("releaseTimeout", releaseTimeout, Duration.ZERO);
      return this;
    }

    /**
     * Sets how long a backup waits for the ensemble's answer before it counts as unavailable. Less
     * than the guard's own timeout, or that one ends it. The writing that its callback begins may
     * take as long once more, after the guard has granted.
     *
     * @param requestTimeout 1 ms to 1 hour, by default 2 s
     * @return this builder
     * @throws IllegalArgumentException if {@code requestTimeout} is outside that range
     */
    public Builder requestTimeout(Duration requestTimeout) {
      this.requestTimeout = checked("requestTimeout", requestTimeout, Duration.ofMillis(1));
      return this;
    }

    /**
     * Sets what follows when the ensemble can't be asked.
     *
     * @param whenUnavailable by default {@link Unavailable#DECLINE}
     * @return this builder
     */
    public Builder whenUnavailable(Unavailable whenUnavailable) {
      this.whenUnavailable = Objects.requireNonNull(whenUnavailable, "whenUnavailable");
      return this;
    }

    /**
     * Sets whether a claim is lost as soon as the connection is suspended, as it is for a moment
     * when a server of the ensemble restarts, rather than when its lease ends. By default it isn't.
     *
     * @param loseWhenSuspended the switch
     * @return this builder
     */
    public Builder loseWhenSuspended(boolean loseWhenSuspended) {
      this.loseWhenSuspended = loseWhenSuspended;
      return this;
    }

    /**
     * Sets what else the connection takes, such as authentication, access control and TLS.
     *
     * @param setUp completes Curator's own builder
     * @return this builder
     */
    public Builder client(UnaryOperator<CuratorFrameworkFactory.Builder> setUp) {
      this.clientSetUp = Objects.requireNonNull(setUp, "setUp");
      return this;
    }

    private static Duration checked(String name, Duration value, Duration min) {
      if (value.compareTo(min) < 0 || value.compareTo(MAX) > 0) {
        throw new IllegalArgumentException(
            name + " " + value + " is not from " + min.toMillis() + " ms to 1 hour");
      }
      return value;
    }

    private CuratorFramework newClient() {
      int timeoutMs = Math.toIntExact(sessionTimeout.toMillis());
      return clientSetUp
          .apply(
              CuratorFrameworkFactory.builder()
                  .connectString(connectString)
                  .sessionTimeoutMs(timeoutMs)
                  .connectionTimeoutMs(timeoutMs)
                  .ensembleTracker(false)
                  .dontUseContainerParents()
                  .retryPolicy((tries, elapsedMs, sleeper) -> false))
          .build();
    }

    /**
     * Begins to connect, without waiting for it.
     *
     * @return the guard, to be closed
     */
    public ZooKeeperGuard open() {
      return new ZooKeeperGuard(this);
    }
  }
}
