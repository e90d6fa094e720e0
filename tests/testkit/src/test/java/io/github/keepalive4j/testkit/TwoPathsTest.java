package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A group of links over two networks, as a user tests it. */
@RequiresLab
class TwoPathsTest {
  private static final int PORT = 7400;

  @Test
  void aGroupFailsOverOnceBothPathsAreCut() throws Exception {
    BlockingQueue<Failover> failovers = new LinkedBlockingQueue<>();
    try (Lab lab = Lab.builder().networks(2).open();
        KeepaliveServer server =
            lab.source().call(() -> KeepaliveServer.builder().open(new InetSocketAddress(PORT)));
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open);
        KeepaliveSocket first = connect(lab, 0);
        KeepaliveSocket second = connect(lab, 1);
        Watch watch =
            monitor.watchAll(List.of(first, second), FailoverPolicy.all(), failovers::add);
        Fault cut = lab.source().nic(0).drop()) {
      Eventually.await(
          cut + " fails the first path",
          Duration.ofSeconds(20),
          () -> watch.linkStates().get(first) == Watch.LinkState.FAILED);
      assertNull(failovers.poll(1, TimeUnit.SECONDS));
      assertEquals(Watch.LinkState.UP, watch.linkStates().get(second));

      try (Fault secondCut = lab.source().nic(1).drop()) {
        Failover failover = failovers.poll(20, TimeUnit.SECONDS);
        assertNotNull(failover, secondCut + " fails the second path");
        assertEquals(
            List.of(first, second), failover.failures().stream().map(Failure::link).toList());
      }
      assertNotNull(server);
    }
  }

  private static KeepaliveSocket connect(Lab lab, int network) throws Exception {
    InetSocketAddress address = new InetSocketAddress(lab.source().nic(network).ipv4(), PORT);
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(Duration.ofMillis(500)).toBuilder()
            .device(lab.backup().nic(network).device())
            .build();
    return lab.backup().call(() -> KeepaliveSocket.connect(address, options));
  }
}
