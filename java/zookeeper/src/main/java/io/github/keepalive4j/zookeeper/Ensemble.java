package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.TransactionOp;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * A source's record on the ensemble, and the claims below it. Nothing here blocks, and nothing is
 * tried twice: who asked decides.
 */
final class Ensemble {
  private final CuratorFramework client;
  private final String record;

  Ensemble(CuratorFramework client, String sourceId) {
    this.client = client;
    this.record = "/keepalive4j/" + sourceId;
  }

  String record() {
    return record;
  }

  boolean isConnected() {
    return client.getZookeeperClient().isConnected();
  }

  /** Reads the record as the leader has it, making it if there is none. */
  CompletableFuture<ClaimRecord> read() {
    return start(callback -> client.sync().inBackground(callback).forPath(record))
        .thenCompose(synced -> readNearby());
  }

  /** Reads the record as the server has it that answered last, making it if there is none. */
  CompletableFuture<ClaimRecord> readNearby() {
    return get().thenApply(event -> ClaimRecord.of(event.getStat(), event.getData()));
  }

  private CompletableFuture<CuratorEvent> get() {
    return orElse(
        Code.NONODE,
        start(callback -> client.getData().inBackground(callback).forPath(record)),
        () -> create().thenCompose(made -> get()));
  }

  private CompletableFuture<CuratorEvent> create() {
    return orElse(
        Code.NODEEXISTS,
        start(
            callback ->
                client
                    .create()
                    .creatingParentsIfNeeded()
                    .inBackground(callback)
                    .forPath(record, new byte[0])),
        () -> CompletableFuture.completedFuture(null));
  }

  /**
   * Ends a reign and wins the next if the record is still at this one's version, in one transaction
   * with the claim. Gives the record's new token.
   */
  CompletableFuture<Long> succeed(ClaimRecord reign, String claimId, String holder) {
    byte[] data = ClaimRecord.encode(claimId, holder);
    return transact(
            operation(op -> op.setData().withVersion(reign.version()).forPath(record, data)),
            operation(
                op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(claim(claimId), data)))
        .thenApply(event -> event.getOpResults().get(0).getResultStat().getMzxid());
  }

  /**
   * Puts on record that the holder begins, if the reign is still at this version and the claim is
   * there, whose watchers hear it. Gives the record's version then, also where an earlier request
   * has been heard.
   */
  CompletableFuture<Integer> begin(int version, String claimId, long token, String holder) {
    byte[] begun = ClaimRecord.encodeBegun(claimId, token, holder);
    byte[] claim = ClaimRecord.encode(claimId, holder);
    return orElse(
        Code.BADVERSION,
        transact(
                operation(op -> op.setData().withVersion(version).forPath(record, begun)),
                operation(op -> op.setData().forPath(claim(claimId), claim)))
            .thenApply(event -> event.getOpResults().get(0).getResultStat().getVersion()),
        () -> readOwn(claimId).thenApply(ClaimRecord::version));
  }

  /** Reads the record; if the reign is another's, that one has won. */
  CompletableFuture<ClaimRecord> readOwn(String claimId) {
    return read()
        .thenCompose(
            now ->
                now.isOn(claimId)
                    ? CompletableFuture.completedFuture(now)
                    : CompletableFuture.failedFuture(new AlreadyClaimedException(now)));
  }

  /** Proves on a quorum that the reign goes on and the claim is there. */
  CompletableFuture<CuratorEvent> renew(int version, String claimId, String holder) {
    byte[] data = ClaimRecord.encode(claimId, holder);
    return transact(
        operation(op -> op.check().withVersion(version).forPath(record)),
        operation(op -> op.setData().forPath(claim(claimId), data)));
  }

  /** Does what a takeover will do, to no effect, so that the first one isn't slow. */
  CompletableFuture<?> warmUp(ClaimRecord reign) {
    String scratch = claim(newClaimId());
    byte[] data = ClaimRecord.encode("warm-up", "");
    return transact(
            operation(op -> op.check().withVersion(reign.version()).forPath(record)),
            operation(op -> op.create().withMode(CreateMode.EPHEMERAL).forPath(scratch, data)),
            operation(op -> op.setData().forPath(scratch, data)),
            operation(op -> op.delete().forPath(scratch)))
        .thenCompose(done -> exists(scratch, event -> {}));
  }

  static String newClaimId() {
    return "claim-" + UUID.randomUUID();
  }

  /** Tells whether the claim is gone; the watcher is told when it goes, as far as it is heard. */
  CompletableFuture<Boolean> isGone(String claimId, Watcher watcher) {
    return exists(claim(claimId), watcher).thenApply(Objects::isNull);
  }

  /** Tells whether the claim is there and belongs to the session of now. */
  CompletableFuture<Boolean> isOwn(String claimId) {
    return exists(claim(claimId), event -> {})
        .thenApply(stat -> stat != null && stat.getEphemeralOwner() == session().getSessionId());
  }

  /** Returns after how much silence the ensemble ends the session, as agreed with it. */
  Duration sessionTimeout() {
    return Duration.ofMillis(session().getSessionTimeout());
  }

  private ZooKeeper session() {
    try {
      return client.getZookeeperClient().getZooKeeper();
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  /** Gives null if there is no such node. */
  private CompletableFuture<Stat> exists(String path, Watcher watcher) {
    return orElse(
            Code.NONODE,
            start(
                callback ->
                    client
                        .checkExists()
                        .usingWatcher(watcher)
                        .inBackground(callback)
                        .forPath(path)),
            () -> CompletableFuture.completedFuture(null))
        .thenApply(event -> event == null ? null : event.getStat());
  }

  /** Deletes the claim, if need be once the ensemble can be reached again. */
  void delete(String claimId) {
    CompletableFuture<CuratorEvent> unused =
        start(
            callback ->
                client.delete().guaranteed().inBackground(callback).forPath(claim(claimId)));
  }

  /** Calls when the record changes; the watch survives disconnections. */
  PersistentWatcher watch(Consumer<WatchedEvent> listener) {
    PersistentWatcher watcher = new PersistentWatcher(client, record, false);
    watcher.getListenable().addListener(listener::accept);
    watcher.start();
    return watcher;
  }

  private String claim(String claimId) {
    return record + "/" + claimId;
  }

  private CompletableFuture<CuratorEvent> transact(CuratorOp... operations) {
    List<CuratorOp> all = Arrays.asList(operations);
    return start(callback -> client.transaction().inBackground(callback).forOperations(all));
  }

  private CuratorOp operation(OperationBuilder builder) {
    try {
      return builder.build(client.transactionOp());
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  private CompletableFuture<CuratorEvent> start(Request request) {
    CompletableFuture<CuratorEvent> answer = new CompletableFuture<>();
    BackgroundCallback callback =
        (client, event) -> {
          Code code = Code.get(event.getResultCode());
          if (code == Code.OK) {
            answer.complete(event);
          } else {
            answer.completeExceptionally(KeeperException.create(code, event.getPath()));
          }
        };
    try {
      request.start(callback);
    } catch (Exception e) { // as Curator declares it
      answer.completeExceptionally(e);
    }
    // Curator drops a request without a word once it has waited for the connection that long
    return answer.orTimeout(
        client.getZookeeperClient().getConnectionTimeoutMs(), TimeUnit.MILLISECONDS);
  }

  private static <T> CompletableFuture<T> orElse(
      Code expected, CompletableFuture<T> first, Supplier<CompletableFuture<T>> alternative) {
    return first.exceptionallyCompose(
        error ->
            EnsembleErrors.codeOf(error) == expected
                ? alternative.get()
                : CompletableFuture.failedFuture(error));
  }

  private interface Request {
    void start(BackgroundCallback callback) throws Exception;
  }

  private interface OperationBuilder {
    CuratorOp build(TransactionOp op) throws Exception;
  }
}
