package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.NullArguments;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failovers;
import io.github.keepalive4j.testkit.event.Failures;
import io.github.keepalive4j.testkit.event.TestClaim;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No method takes null, except where a parameter says so. */
class NullsTest {
  private static final InetSocketAddress ADDRESS =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

  @TempDir Path directory;

  @Test
  void eachErrorNamesTheParameter() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer source = KeepaliveServer.open(any);
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        Journal journal = Journal.open(directory.resolve("journal"))) {
      Watch watch =
          monitor.connect(source.localAddress(), KeepaliveOptions.defaults(), failover -> {});
      NullArguments calls =
          samples()
              .with(KeepaliveMonitor.class, () -> monitor)
              .with(KeepaliveServer.class, () -> source)
              .with(Journal.class, () -> journal)
              .with(Watch.class, () -> watch);
      assertEquals("", String.join("\n", calls.violationsBeside(KeepaliveSocket.class)));
    }
  }

  private NullArguments samples() {
    return new NullArguments()
        .with(InetSocketAddress.class, () -> ADDRESS)
        .with(InetAddress.class, ADDRESS::getAddress)
        .with(Socket.class, Socket::new)
        .with(SocketChannel.class, SocketChannel::open)
        .with(Path.class, () -> directory.resolve("new"))
        .with(Map.class, Map::of)
        .with(ByteBuffer.class, NullsTest::tcpInfo)
        .with(AbstractClaim.class, TestClaim::create)
        .with(Failure.class, () -> Failures.reset(ADDRESS).build())
        .with(Failover.class, () -> Failovers.of(Failures.reset(ADDRESS).build()).build())
        .with(ClaimRequest.class, () -> ClaimRequests.serving().build())
        .with(FenceGuard.class, () -> FenceGuard.shell("true", Duration.ofSeconds(1)))
        .with(FailoverPolicy.class, FailoverPolicy::all)
        .with(IpNetwork.class, () -> IpNetwork.parse("192.0.2.0/24"))
        .with(Md5Key.class, () -> Md5Key.of(new byte[] {1}))
        .with(KeepaliveOptions.class, KeepaliveOptions::defaults)
        .with(KeepaliveOptions.Builder.class, KeepaliveOptions::builder)
        .with(KeepaliveMonitor.Builder.class, KeepaliveMonitor::builder)
        .with(KeepaliveServer.Builder.class, KeepaliveServer::builder)
        .with(KeepaliveSocket.class, () -> KeepaliveSocket.open(KeepaliveOptions.defaults()))
        .with(
            Standby.Builder.class, () -> Standby.builder(() -> ADDRESS).onFailover(failover -> {}))
        .with(TcpInfo.class, () -> TcpInfo.of(tcpInfo()))
        .with(TakeoverGuard.class, () -> request -> TestClaim.create());
  }

  private static ByteBuffer tcpInfo() {
    return ByteBuffer.allocate(104).order(ByteOrder.nativeOrder()).put(0, (byte) 1);
  }
}
