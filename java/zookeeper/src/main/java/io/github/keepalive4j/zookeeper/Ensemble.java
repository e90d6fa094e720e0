package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.GetDataBuilder;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * The requests to the ensemble: a source's record and the claims below it. No method blocks, and
 * none retries: that is up to the caller.
 */
final class Ensemble {
  private final CuratorFramework client;
  private final Requests requests;
  private final Chroot chroot;
  private final TokenFloor floor;
  private final String record;

  /** Raises the floor to each token that it reads or wins. */
  Ensemble(CuratorFramework client, Chroot chroot, TokenFloor floor, String sourceId) {
    this.client = client;
    this.chroot = chroot;
    this.floor = floor;
    this.record = "/keepalive4j/" + sourceId;
    this.requests = new Requests(client, record);
  }

  /** Makes a client that doesn't retry, and doesn't connect yet. */
  static CuratorFramework newClient(
      String connectString,
      Duration sessionTimeout,
      UnaryOperator<CuratorFrameworkFactory.Builder> setUp) {
    int timeoutMs = Math.toIntExact(sessionTimeout.toMillis());
    CuratorFrameworkFactory.Builder builder =
        CuratorFrameworkFactory.builder()
            .connectString(connectString)
            .sessionTimeoutMs(timeoutMs)
            .connectionTimeoutMs(timeoutMs)
            .ensembleTracker(false)
            .dontUseContainerParents()
            .retryPolicy((tries, elapsedMs, sleeper) -> false);
    return setUp.apply(builder).build();
  }

  String record() {
    return record;
  }

  boolean isConnected() {
    return client.getZookeeperClient().isConnected();
  }

  /** Reads the record as the leader has it; creates it if there is none. */
  CompletableFuture<ClaimRecord> read() {
    return requests
        .start(callback -> client.sync().inBackground(callback).forPath(record))
        .thenCompose(synced -> readNearby());
  }

  /** Reads the record as the connected server has it; creates it if there is none. */
  CompletableFuture<ClaimRecord> readNearby() {
    return get().thenApply(event -> seen(ClaimRecord.of(event.getStat(), event.getData())));
  }

  private ClaimRecord seen(ClaimRecord now) {
    if (now.namesHolder()) {
      floor.raise(now.token());
    }
    return now;
  }

  private CompletableFuture<CuratorEvent> get() {
    return Requests.orElse(
        Code.NONODE,
        requests.start(callback -> client.getData().inBackground(callback).forPath(record)),
        () -> create().thenCompose(made -> get()));
  }

  private CompletableFuture<CuratorEvent> create() {
    return Requests.orElse(
        Code.NODEEXISTS,
        Requests.orElse(
            Code.NONODE, createRecord(), () -> chroot.make().thenCompose(made -> createRecord())),
        () -> CompletableFuture.completedFuture(null));
  }

  private CompletableFuture<CuratorEvent> createRecord() {
    return requests.start(
        callback ->
            client
                .create()
                .creatingParentsIfNeeded()
                .inBackground(callback)
                .forPath(record, new byte[0]));
  }

  /**
   * Replaces a record and creates the node of the new claim, in one transaction. It fails with
   * BADVERSION if the record has another version by now.
   *
   * @param member a node below the record that must exist
   * @return the new record
   */
  CompletableFuture<ClaimRecord> replace(
      ClaimRecord old, String claimId, Holder holder, Optional<String> member) {
    return CompletableFuture.completedFuture(old)
        .thenApply(floor::baseAbove)
        .thenApply(base -> ClaimRecord.encode(claimId, base, holder))
        .thenCompose(data -> replace(old, claimId, data, member));
  }

  private CompletableFuture<ClaimRecord> replace(
      ClaimRecord old, String claimId, byte[] data, Optional<String> member) {
    List<CuratorOp> operations = new ArrayList<>();
    operations.add(
        requests.operation(op -> op.setData().withVersion(old.version()).forPath(record, data)));
    operations.add(
        requests.operation(
            op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(claim(claimId), data)));
    member.ifPresent(
        node -> operations.add(requests.operation(op -> op.check().forPath(claim(node)))));
    return requests
        .transact(operations.toArray(CuratorOp[]::new))
        .thenApply(event -> event.getOpResults().get(0).getResultStat())
        .thenApply(stat -> seen(ClaimRecord.of(stat, data)));
  }

  /**
   * Writes to the record that the holder begins, if the record still has this version and the
   * claim's node exists. Also writes to that node, which calls its watchers.
   *
   * @return the record's new version, also where an earlier try of the same request wrote it
   */
  CompletableFuture<Integer> begin(int version, ClaimRecord won, Holder holder) {
    String claimId = won.claimId();
    byte[] begun = ClaimRecord.encodeBegun(claimId, won.base(), won.token(), holder);
    byte[] claim = ClaimRecord.encode(claimId, won.base(), holder);
    return Requests.orElse(
        Code.BADVERSION,
        requests
            .transact(
                requests.operation(op -> op.setData().withVersion(version).forPath(record, begun)),
                requests.operation(op -> op.setData().forPath(claim(claimId), claim)))
            .thenApply(event -> event.getOpResults().get(0).getResultStat().getVersion()),
        () -> readOwn(claimId).thenApply(ClaimRecord::version));
  }

  /** Reads the record; fails with {@link AlreadyClaimedException} if another claim is in it. */
  CompletableFuture<ClaimRecord> readOwn(String claimId) {
    return read()
        .thenCompose(
            now ->
                now.isFor(claimId)
                    ? CompletableFuture.completedFuture(now)
                    : CompletableFuture.failedFuture(new AlreadyClaimedException(now)));
  }

  /** Proves on a quorum that the record has this version and the claim's node exists. */
  CompletableFuture<CuratorEvent> renew(int version, String claimId, Holder holder) {
    byte[] data = ClaimRecord.encode(claimId, 0, holder);
    return requests.transact(
        requests.operation(op -> op.check().withVersion(version).forPath(record)),
        requests.operation(op -> op.setData().forPath(claim(claimId), data)));
  }

  /**
   * Makes the claim's node anew, whose session has ended, if the record has this version. Writes
   * the record, too: a contender that has found no node must not replace it any more.
   */
  CompletableFuture<CuratorEvent> reclaim(int version, ClaimRecord won, Holder holder) {
    String claimId = won.claimId();
    byte[] begun = ClaimRecord.encodeBegun(claimId, won.base(), won.token(), holder);
    byte[] claim = ClaimRecord.encode(claimId, won.base(), holder);
    return requests.transact(
        requests.operation(op -> op.setData().withVersion(version).forPath(record, begun)),
        requests.operation(
            op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(claim(claimId), claim)));
  }

  /** Gives the claim's node, which a former session made and will take along, to this session. */
  CompletableFuture<CuratorEvent> rebind(int version, String claimId, Holder holder) {
    byte[] data = ClaimRecord.encode(claimId, 0, holder);
    return requests.transact(
        requests.operation(op -> op.check().withVersion(version).forPath(record)),
        requests.operation(op -> op.delete().forPath(claim(claimId))),
        requests.operation(
            op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(claim(claimId), data)));
  }

  /** Tells whether a claim's node that was just renewed belongs to a session before this one. */
  boolean isOfFormerSession(CuratorEvent renewal) {
    long owner = renewal.getOpResults().get(1).getResultStat().getEphemeralOwner();
    return owner != session().getSessionId();
  }

  /**
   * Deletes the claim's node, and takes the failsafe mode out of the record if that still has this
   * version: its holder has stopped.
   */
  void retire(int version, ClaimRecord won, boolean begun, Holder holder) {
    String claimId = won.claimId();
    long token = begun ? won.token() : 0;
    byte[] data = ClaimRecord.encodeBegun(claimId, won.base(), token, holder.withFailsafe(0));
    CompletableFuture<Void> unused =
        requests
            .transact(
                requests.operation(op -> op.setData().withVersion(version).forPath(record, data)),
                requests.operation(op -> op.delete().forPath(claim(claimId))))
            .handle(
                (done, error) -> {
                  if (error != null) {
                    delete(claimId);
                  }
                  return null;
                });
  }

  /** Makes the node of a member or a bystander. */
  CompletableFuture<CuratorEvent> join(String member) {
    return requests.start(
        callback ->
            client
                .create()
                .withMode(CreateMode.EPHEMERAL)
                .inBackground(callback)
                .forPath(claim(member), new byte[0]));
  }

  /** Reads who may replace the holder, as the connected server has it. */
  CompletableFuture<Members> members() {
    return requests
        .start(callback -> client.getChildren().inBackground(callback).forPath(record))
        .thenApply(event -> Members.of(event.getChildren()));
  }

  /**
   * Runs the code and the requests of a takeover without effect, so that the first one is fast, and
   * fails where the ensemble would refuse one.
   */
  CompletableFuture<?> warmUp(ClaimRecord current) {
    String scratch = claim(newClaimId());
    byte[] data = ClaimRecord.encode("warm-up", 0, Holder.NONE);
    return requests
        .transact(
            requests.operation(op -> op.check().withVersion(current.version()).forPath(record)),
            requests.operation(
                op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(scratch, data)),
            requests.operation(op -> op.setData().forPath(scratch, data)),
            requests.operation(op -> op.delete().forPath(scratch)))
        .thenCompose(done -> node(scratch, event -> {}))
        .thenCompose(gone -> tryWrite());
  }

  /** Writes with a version that the record never has: whether that is allowed is checked first. */
  CompletableFuture<CuratorEvent> tryWrite() {
    return Requests.orElse(
        Code.BADVERSION,
        requests.start(
            callback ->
                client
                    .setData()
                    .withVersion(Integer.MAX_VALUE)
                    .inBackground(callback)
                    .forPath(record, new byte[0])),
        () -> CompletableFuture.completedFuture(null));
  }

  static String newClaimId() {
    return "claim-" + UUID.randomUUID();
  }

  /** Returns the claim's state; the watcher is called when its node changes or goes. */
  CompletableFuture<ClaimState> stateOf(String claimId, Watcher watcher) {
    return node(claim(claimId), watcher)
        .thenApply(
            node -> {
              if (node == null) {
                return ClaimState.ENDED;
              }
              return ClaimRecord.saysStopping(node.getData())
                  ? ClaimState.STOPPING
                  : ClaimState.HELD;
            });
  }

  /**
   * Writes to the claim's node that its holder stops: the successor waits for it. This is a
   * transaction because the requests of a claim have made those fast.
   */
  CompletableFuture<CuratorEvent> acknowledge(String claimId, Holder holder) {
    byte[] data = ClaimRecord.encodeStopping(claimId, holder);
    return requests.transact(requests.operation(op -> op.setData().forPath(claim(claimId), data)));
  }

  CompletableFuture<Boolean> isGone(String claimId) {
    return node(claim(claimId), null).thenApply(node -> node == null);
  }

  /** Tells whether the claim's node exists and belongs to the current session. */
  CompletableFuture<Boolean> isOwn(String claimId) {
    return node(claim(claimId), null)
        .thenApply(
            node -> node != null && node.getStat().getEphemeralOwner() == session().getSessionId());
  }

  /** Returns the session timeout that the ensemble has agreed to. */
  Duration sessionTimeout() {
    return Duration.ofMillis(session().getSessionTimeout());
  }

  /** Returns the session timeout that was asked for. */
  Duration patience() {
    return Duration.ofMillis(client.getZookeeperClient().getConnectionTimeoutMs());
  }

  private ZooKeeper session() {
    try {
      return client.getZookeeperClient().getZooKeeper();
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  /**
   * Completes with null if there is no such node. The request reads the node, because one that only
   * asks whether it exists would leave the watcher of a missing node on the server for good.
   *
   * @param watcher called when the node that is there changes or goes; null for none
   */
  private CompletableFuture<CuratorEvent> node(String path, @Nullable Watcher watcher) {
    return Requests.orElse(
        Code.NONODE,
        requests.start(
            callback -> {
              GetDataBuilder data = client.getData();
              (watcher == null ? data : data.usingWatcher(watcher))
                  .inBackground(callback)
                  .forPath(path);
            }),
        () -> CompletableFuture.completedFuture(null));
  }

  /** Deletes the node of a claim or member, if need be once the ensemble can be reached again. */
  void delete(String claimId) {
    CompletableFuture<CuratorEvent> unused =
        requests.start(
            callback ->
                client.delete().guaranteed().inBackground(callback).forPath(claim(claimId)));
  }

  /** Calls the listener at each change of the record, also after a disconnection. */
  PersistentWatcher watch(Consumer<WatchedEvent> listener) {
    PersistentWatcher watcher = new PersistentWatcher(client, record, false);
    watcher.getListenable().addListener(listener::accept);
    watcher.start();
    return watcher;
  }

  private String claim(String claimId) {
    return record + "/" + claimId;
  }
}
