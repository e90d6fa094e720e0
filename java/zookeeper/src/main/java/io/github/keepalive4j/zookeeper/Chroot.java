package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.CuratorEvent;
import org.apache.zookeeper.KeeperException.Code;

/**
 * The path in a connect string, below which a client sees everything. A client can't make it: to
 * that client it is the root.
 */
final class Chroot {
  private final String servers;
  private final String path; // empty for none
  private final Duration sessionTimeout;
  private final UnaryOperator<CuratorFrameworkFactory.Builder> setUp;
  private final GuardThreads threads;

  /** Takes what a client is made with. */
  Chroot(
      String connectString,
      Duration sessionTimeout,
      UnaryOperator<CuratorFrameworkFactory.Builder> setUp,
      GuardThreads threads) {
    int mark = connectString.indexOf('/');
    this.servers = mark < 0 ? connectString : connectString.substring(0, mark);
    this.path = mark < 0 ? "" : connectString.substring(mark);
    this.sessionTimeout = sessionTimeout;
    this.setUp = setUp;
    this.threads = threads;
  }

  /** Makes the path, unless another client is faster. Fails where that is forbidden. */
  CompletableFuture<CuratorEvent> make() {
    if (path.length() <= 1) {
      return CompletableFuture.failedFuture(
          new UnusableRecordException("the root of the ensemble is missing"));
    }
    CuratorFramework client = Ensemble.newClient(servers, sessionTimeout, setUp);
    client.start();
    return Requests.start(
            client,
            path,
            callback ->
                client.create().creatingParentsIfNeeded().inBackground(callback).forPath(path))
        .whenComplete((made, error) -> threads.runBlocking(client::close))
        .exceptionallyCompose(this::explain);
  }

  private CompletableFuture<CuratorEvent> explain(Throwable error) {
    if (EnsembleErrors.codeOf(error) == Code.NODEEXISTS) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.failedFuture(
        EnsembleErrors.isAnswer(error)
            ? new UnusableRecordException(
                "the path "
                    + path
                    + " doesn't exist, and can't be made: "
                    + EnsembleErrors.text(error))
            : error);
  }
}
