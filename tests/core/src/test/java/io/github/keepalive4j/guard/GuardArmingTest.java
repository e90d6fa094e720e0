package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guard is armed before the link is connected, and disarmed once, whatever comes of it. */
@Timeout(30)
class GuardArmingTest {
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private ServerSocketChannel source;
  private SocketChannel accepted; // null until a backup has connected
  private KeepaliveMonitor monitor;

  /** Notes its calls, and in each whether a backup has connected by then. */
  private final class Recording implements TakeoverGuard {
    @Override
    public TakeoverGuard arm() {
      note("arm");
      return this;
    }

    @Override
    public void connected() {
      note("connected");
      throw new IllegalStateException("from the test's guard");
    }

    @Override
    public Claim claim(ClaimRequest request) throws ClaimDeclinedException {
      calls.add("claim");
      throw new ClaimDeclinedException("as the test wants");
    }

    @Override
    public void disarm() {
      calls.add("disarm");
      throw new IllegalStateException("from the test's guard");
    }
  }

  private void note(String call) {
    try {
      SocketChannel next = source.accept();
      accepted = next == null ? accepted : next;
      calls.add(call + (accepted == null ? " without a link" : " with a link"));
    } catch (IOException e) {
      calls.add(call + " " + e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    source = ServerSocketChannel.open();
    source.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    source.configureBlocking(false);
    monitor =
        KeepaliveMonitor.builder()
            .guard(TakeoverGuard.allOf(new Recording()), Duration.ofSeconds(10))
            .open();
  }

  @AfterEach
  void close() throws IOException {
    monitor.close();
    source.close();
    if (accepted != null) {
      accepted.close();
    }
  }

  private InetSocketAddress address() throws IOException {
    return (InetSocketAddress) source.getLocalAddress();
  }

  private void expect(String... expected) throws InterruptedException {
    for (String call : expected) {
      assertEquals(call, calls.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aMonitorThatConnectsArmsBefore() throws Exception {
    Watch watch = monitor.connect(address(), KeepaliveOptions.defaults(), failover -> {});
    expect("arm without a link", "connected with a link");
    accepted.close();
    expect("claim", "disarm");
    watch.ended().toCompletableFuture().join();
    assertEquals(List.of(), List.copyOf(calls));
  }

  @Test
  void aLinkThatIsUpIsArmedAtTheCall() throws Exception {
    KeepaliveSocket link = KeepaliveSocket.connect(address(), KeepaliveOptions.defaults());
    monitor.watch(link, failover -> {});
    expect("arm with a link", "connected with a link");
    link.close();
    expect("disarm");
  }

  @Test
  void aSourceThatRefusesDisarms() throws Exception {
    InetSocketAddress refusing = address();
    source.close();
    assertThrows(
        IOException.class,
        () -> monitor.connect(refusing, KeepaliveOptions.defaults(), failover -> {}));
    assertEquals("arm java.nio.channels.ClosedChannelException", calls.remove());
    assertEquals("disarm", calls.remove());
  }

  @Test
  void aStandbyArmsBeforeItConnects() throws Exception {
    Standby standby =
        Standby.builder(this::address).monitor(monitor).onFailover(failover -> {}).connect();
    expect("arm without a link", "connected with a link");
    standby.close();
    expect("disarm");
    assertEquals(List.of(), List.copyOf(calls));
  }

  @Test
  void anAttemptOfAStandbyThatFailsDisarms() throws Exception {
    source.close();
    InetSocketAddress refusing = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    Standby standby =
        Standby.builder(() -> refusing)
            .monitor(monitor)
            .onFailover(failover -> {})
            .reconnect(Duration.ofMillis(1), Duration.ofMillis(1))
            .open();
    String arm = "arm java.nio.channels.ClosedChannelException";
    expect(arm, "disarm", arm, "disarm");
    standby.close();
  }
}
