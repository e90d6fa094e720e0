package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.TakeoverGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A source in this JVM that serves, and runs a workload, with a claim. */
final class ServingSource implements AutoCloseable {
  private final ZooKeeperGuard guard;
  private final Journal journal;
  private final Workload workload;
  private final KeepaliveServer server;
  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
  private volatile CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

  private ServingSource(
      ZooKeeperGuard guard,
      UnaryOperator<TakeoverGuard> more,
      Journal journal,
      Duration timeout,
      BooleanSupplier health)
      throws IOException, InterruptedException {
    this.guard = guard;
    this.journal = journal;
    this.workload = new Workload(journal);
    boolean open = false;
    try {
      assertTrue(guard.awaitConnected(Duration.ofSeconds(20)));
      server =
          KeepaliveServer.builder()
              .guard(more.apply(guard), timeout)
              .journal(journal)
              .health(health)
              .listener(
                  new ServerListener() {
                    @Override
                    public void onClaimLost(ClaimLoss loss) {
                      lost.add(loss.reason());
                      stopped.join();
                      workload.stop();
                    }
                  })
              .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.claim().ifPresent(workload::start);
      open = true;
    } finally {
      if (!open) {
        guard.close();
        journal.close();
      }
    }
  }

  static ServingSource open(
      Path journal,
      String connectString,
      Duration timeout,
      UnaryOperator<ZooKeeperGuard.Builder> setUp,
      UnaryOperator<TakeoverGuard> more)
      throws IOException, InterruptedException {
    ZooKeeperGuard guard =
        setUp.apply(ZooKeeperGuard.builder(connectString, "vm1").holder("source")).open();
    return new ServingSource(
        guard, more, Journal.open(journal, Duration.ofSeconds(30)), timeout, () -> true);
  }

  /** Opens a source whose process answers queries while it is healthy. */
  static ServingSource open(
      Path journal, ZooKeeperGuard.Builder builder, Duration timeout, BooleanSupplier health)
      throws IOException, InterruptedException {
    return new ServingSource(
        builder.holder("source").open(),
        UnaryOperator.identity(),
        Journal.open(journal, Duration.ofSeconds(30)),
        timeout,
        health);
  }

  InetSocketAddress address() throws IOException {
    return server.localAddress();
  }

  int connections() {
    return server.connections();
  }

  long token() {
    return server.claim().orElseThrow().token().orElseThrow();
  }

  /** Delays the source's stop after the loss of its claim until the returned future completes. */
  CompletableFuture<Void> stopLate() {
    stopped = new CompletableFuture<>();
    return stopped;
  }

  BlockingQueue<String> lost() {
    return lost;
  }

  ZooKeeperGuard guard() {
    return guard;
  }

  @Override
  public void close() throws IOException {
    workload.close();
    server.close();
    guard.close();
    journal.close();
  }
}
