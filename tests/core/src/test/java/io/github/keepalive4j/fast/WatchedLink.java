package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A watched link and its failover, once it comes. */
record WatchedLink(KeepaliveSocket socket, CompletableFuture<Failure> failover) {
  static WatchedLink watch(KeepaliveMonitor monitor, KeepaliveSocket socket) throws Exception {
    CompletableFuture<Failure> failover = new CompletableFuture<>();
    monitor.watch(socket, event -> failover.complete(event.failure()));
    return new WatchedLink(socket, failover);
  }

  static WatchedLink watch(KeepaliveMonitor monitor, KeepaliveSocket socket, LinkListener listener)
      throws Exception {
    CompletableFuture<Failure> failover = new CompletableFuture<>();
    monitor.watch(socket, event -> failover.complete(event.failure()), listener);
    return new WatchedLink(socket, failover);
  }

  Failure awaitFailure() throws Exception {
    return failover.get(20, TimeUnit.SECONDS);
  }

  /** Waits that long for a failover that must not come. */
  void assertNoFailoverFor(Duration duration) throws Exception {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    assertNoFailover();
  }

  void assertNoFailover() {
    assertFalse(
        failover.isDone(),
        () -> "false failover: " + failover.join() + " " + failover.join().tcpInfo());
  }

  void close() throws Exception {
    socket.close();
  }
}
