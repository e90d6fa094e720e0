package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.sockets.SocketSweeper;
import io.github.keepalive4j.support.NullArguments;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** No method takes null. */
class NullsTest {
  @Test
  void eachErrorNamesTheParameter() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer server = KeepaliveServer.open(any);
        SocketSweeper sweeper = SocketSweeper.builder().open()) {
      NullArguments calls =
          new NullArguments()
              .with(MeterRegistry.class, SimpleMeterRegistry::new)
              .with(Tag.class, () -> Tag.of("key", "value"))
              .with(KeepaliveServer.class, () -> server)
              .with(KeepaliveServerMetrics.class, () -> new KeepaliveServerMetrics(server))
              .with(SocketSweeper.class, () -> sweeper)
              .with(SocketSweeperMetrics.class, () -> new SocketSweeperMetrics(sweeper))
              .with(TakeoverMetrics.class, () -> TakeoverMetrics.builder("vm1").build())
              .with(TakeoverMetrics.Builder.class, () -> TakeoverMetrics.builder("vm1"))
              .with(
                  KeepaliveMonitorMetrics.class,
                  () -> new KeepaliveMonitorMetrics(new SimpleMeterRegistry()));
      assertEquals("", String.join("\n", calls.violationsBeside(KeepaliveMonitorMetrics.class)));
    }
  }
}
