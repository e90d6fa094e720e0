package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A watched link and its failover, once it comes. */
record FastLink(KeepaliveSocket socket, CompletableFuture<Failure> failover) {
  static FastLink watch(KeepaliveMonitor monitor, KeepaliveSocket socket) throws Exception {
    CompletableFuture<Failure> failover = new CompletableFuture<>();
    monitor.watch(socket, failover::complete);
    return new FastLink(socket, failover);
  }

  static FastLink watch(KeepaliveMonitor monitor, KeepaliveSocket socket, LinkListener listener)
      throws Exception {
    CompletableFuture<Failure> failover = new CompletableFuture<>();
    monitor.watch(socket, failover::complete, listener);
    return new FastLink(socket, failover);
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
