package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.support.NullArguments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** No method takes null, but for parameters that say so. */
class NullsTest {
  @Test
  void eachErrorNamesTheParameter() throws Exception {
    SocketSweeper sweeper = SocketSweeper.builder().open();
    sweeper.close();
    NullArguments calls =
        new NullArguments()
            .with(SocketSweeper.class, () -> sweeper)
            .with(SocketSweeper.Builder.class, SocketSweeper::builder)
            .with(IOException.class, () -> new IOException("sample"))
            .with(SweepListener.SocketUpdate.class, NullsTest::update)
            .with(IpNetwork.class, () -> IpNetwork.parse("192.0.2.0/24"))
            .with(InetSocketAddress.class, () -> new InetSocketAddress("192.0.2.1", 5432))
            .with(InetAddress.class, InetAddress::getLoopbackAddress)
            .with(String.class, () -> "127.0.0.1") // where a host is asked for
            .with(DeadPeerSocketFactory.class, () -> new DeadPeerSocketFactory("within=30s"))
            .with(SocketRule.class, () -> SocketRule.within(Duration.ofSeconds(30)))
            .with(SocketRules.class, () -> SocketRules.parse("within=30s"));
    assertEquals("", String.join("\n", calls.violationsBeside(SocketRules.class)));
  }

  private static SweepListener.SocketUpdate update() {
    InetSocketAddress address = new InetSocketAddress("192.0.2.1", 5432);
    return SweepListener.SocketUpdate.of(
        address, address, SocketRule.within(Duration.ofSeconds(30)), Duration.ZERO, 0);
  }
}
