package io.github.keepalive4j.internal.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.WatchSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ShimLinkTest {
  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void closingADeadLinkThatIsInUseDoesNotHoldUpItsUser() throws Exception {
    ShimLink link = deadLink();
    Descriptor used = link.acquire();
    CompletableFuture<Void> closing = CompletableFuture.runAsync(link::close);
    while (!used.isClosed()) {
      Thread.onSpinWait();
    }
    assertEquals(used.number(), link.number());
    used.release();
    closing.get(5, TimeUnit.SECONDS);
    assertThrows(ClosedChannelException.class, link::acquire);
  }

  private static ShimLink deadLink() throws Exception {
    ShimLink link = new ShimLink();
    try (ServerSocket source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
      link.connect(address, KeepaliveOptions.defaults(), 10_000);
      Socket accepted = source.accept();
      accepted.setSoLinger(true, 0);
      accepted.close();
    }
    WatchSettings settings = WatchSettings.ofBackup(KeepaliveOptions.defaults(), 0);
    assertEquals(FailureCause.RESET, link.await(10_000, settings).cause());
    return link;
  }
}
