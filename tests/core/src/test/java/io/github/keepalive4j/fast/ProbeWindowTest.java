package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A source that doesn't read what it is sent, never or not for long. */
@RequiresLab
class ProbeWindowTest {
  private static final Duration BUDGET = Duration.ofMillis(50);
  private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(200);

  /** No longer than this without progress while the window is open, at a probe each millisecond. */
  private static final Duration STANDSTILL = Duration.ofMillis(300);

  /** More bytes than half a window of 2,304 and one each second. */
  private static final int MANY = 1_250;

  @Test
  void aSourceThatNeverReadsIsRefused() throws Exception {
    try (Lab lab = Lab.open();
        ServerSocket original = lab.source().call(() -> new ServerSocket(Testbed.PORT))) {
      InetSocketAddress address = address(lab);
      KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET);
      SocketTimeoutException refusal =
          assertThrows(
              SocketTimeoutException.class,
              () ->
                  lab.backup()
                      .call(() -> KeepaliveSocket.connect(address, options, CONNECT_TIMEOUT)));
      assertTrue(refusal.getMessage().contains(address.toString()), refusal::getMessage);
      assertTrue(refusal.getMessage().contains("never reads"), refusal::getMessage);
      assertEndsAfterItsQuery(original);
    }
  }

  private static void assertEndsAfterItsQuery(ServerSocket original) throws Exception {
    try (Socket accepted = original.accept()) {
      accepted.setSoTimeout(10_000);
      assertEquals('Y', accepted.getInputStream().read());
      assertEquals('Q', accepted.getInputStream().read());
      assertEquals(-1, accepted.getInputStream().read());
    }
  }

  @Test
  void aWindowThatFillsUpWhileTheSourceIsStoppedIsNoDeath() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
      lab.source().run("sysctl", "-qw", "net.ipv4.tcp_rmem=2304 2304 2304");
      ManagedProcess source = Programs.source(lab);
      WatchedLink link = WatchedLink.watch(monitor, connectWithManyProbes(lab));
      try (Fault stopped = source.stop()) {
        assertTrue(stopped.effectiveNs() > 0);
        awaitFullWindow(link);
        link.assertNoFailoverFor(BUDGET.multipliedBy(20));
      }
      long before = acknowledged(link);
      Eventually.await("probing again", Testbed.LIMIT, () -> acknowledged(link) > before);
      try (Fault cut = lab.source().drop()) {
        assertTrue(link.awaitFailure().verdictNs() > cut.startedNs());
      }
    }
  }

  /** Only its answers show that it reads, and each makes room for further probes. */
  @Test
  void aSourceThatReadsIsProbedAtTheFullRate() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
      lab.source().run("sysctl", "-qw", "net.ipv4.tcp_rmem=2304 2304 2304");
      ManagedProcess unused = Programs.source(lab);
      WatchedLink link = WatchedLink.watch(monitor, connectWithManyProbes(lab));
      Eventually.await("more than fits", Testbed.LIMIT, () -> acknowledged(link) > MANY);
      link.assertNoFailover();
    }
  }

  private static KeepaliveSocket connectWithManyProbes(Lab lab) throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(BUDGET).toBuilder()
            .probe(Duration.ofMillis(1), BUDGET)
            .build();
    return lab.backup().call(() -> KeepaliveSocket.connect(address(lab), options));
  }

  private static void awaitFullWindow(WatchedLink link) throws Exception {
    long[] last = {acknowledged(link), System.nanoTime()};
    Eventually.await(
        "full window",
        Testbed.LIMIT,
        () -> {
          link.assertNoFailover();
          long now = acknowledged(link);
          if (now > last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > STANDSTILL.toNanos();
        });
  }

  private static long acknowledged(WatchedLink link) throws Exception {
    return link.socket().tcpInfo().bytesAcked();
  }

  private static InetSocketAddress address(Lab lab) {
    return new InetSocketAddress(lab.source().ipv4(), Testbed.PORT);
  }
}
