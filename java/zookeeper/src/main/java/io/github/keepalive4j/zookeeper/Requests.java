package io.github.keepalive4j.zookeeper;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.api.BackgroundCallback;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.curator.framework.api.transaction.CuratorOp;
import org.apache.curator.framework.api.transaction.TransactionOp;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** Starts requests to the ensemble, whose answers come later. None blocks, and none is repeated. */
final class Requests {
  private final CuratorFramework client;
  private final String path;

  /**
   * Makes the requests of one client.
   *
   * @param path named in an error that names no node itself
   */
  Requests(CuratorFramework client, String path) {
    this.client = client;
    this.path = path;
  }

  /** Carries out all operations or none. */
  CompletableFuture<CuratorEvent> transact(CuratorOp... operations) {
    List<CuratorOp> all = Arrays.asList(operations);
    return start(callback -> client.transaction().inBackground(callback).forOperations(all));
  }

  CuratorOp operation(OperationBuilder builder) {
    try {
      return builder.build(client.transactionOp());
    } catch (Exception e) { // as Curator declares it
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<CuratorEvent> start(Request request) {
    return start(client, path, request);
  }

  /**
   * Starts a request.
   *
   * @param path named in an error that names no node itself
   */
  static CompletableFuture<CuratorEvent> start(
      CuratorFramework client, String path, Request request) {
    CompletableFuture<CuratorEvent> answer = new CompletableFuture<>();
    BackgroundCallback callback =
        (from, event) -> {
          Code code = Code.get(event.getResultCode());
          if (code == Code.OK) {
            answer.complete(event);
          } else {
            answer.completeExceptionally(
                KeeperException.create(code, Objects.requireNonNullElse(event.getPath(), path)));
          }
        };
    try {
      request.start(callback);
    } catch (Exception e) { // as Curator declares it
      answer.completeExceptionally(e);
    }
    // Curator silently drops a request that has waited for the connection this long.
    return answer.orTimeout(
        client.getZookeeperClient().getConnectionTimeoutMs(), TimeUnit.MILLISECONDS);
  }

  /** Completes as the first does, or as the alternative does if the first fails with this code. */
  static <T> CompletableFuture<T> orElse(
      Code expected, CompletableFuture<T> first, Supplier<CompletableFuture<T>> alternative) {
    return first.exceptionallyCompose(
        error ->
            EnsembleErrors.codeOf(error) == expected
                ? alternative.get()
                : CompletableFuture.failedFuture(error));
  }

  /** Starts one request of which the callback hears. */
  interface Request {
    void start(BackgroundCallback callback) throws Exception;
  }

  /** Makes one operation of a transaction. */
  interface OperationBuilder {
    CuratorOp build(TransactionOp op) throws Exception;
  }
}
