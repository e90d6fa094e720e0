package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sockets are touched, and what is set on them. */
@Timeout(60)
class SocketSweeperTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Heard heard = new Heard();

  private SocketSweeper sweep(String rules) throws Exception {
    return SocketSweeper.builder().rules(SocketRules.parse(rules)).listener(heard).open();
  }

  private static SocketOptions optionsWithin(int seconds) {
    return SocketOptions.of(KeepaliveOptions.forTraffic(Duration.ofSeconds(seconds)));
  }

  /** After two more sweeps, each socket that was open before them has been looked at. */
  private static void awaitLook(SocketSweeper sweeper) throws Exception {
    long before = sweeper.sweeps();
    Eventually.await("two sweeps", () -> sweeper.sweeps() >= before + 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aSocketIsGovernedUntilItIsClosedAndItsPeerIsNot(String address) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
        SocketSweeper sweeper = sweep("within=30s,to=*:" + server.getLocalPort())) {
      try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket peer = server.accept()) {
        Heard.Call call = heard.await("governed", server.getLocalPort());
        assertEquals(client.getRemoteSocketAddress(), call.event().remote());
        assertEquals(client.getLocalSocketAddress(), call.event().local());
        assertEquals(optionsWithin(30), LoopbackPair.optionsOf(client));
        assertEquals(1, sweeper.governed(sweeper.rules().rules().get(0)));
        assertFalse(LoopbackPair.optionsOf(peer).keepAlive()); // its peer's port isn't the rule's
      }
      Eventually.await(
          "none governed", () -> sweeper.governed(sweeper.rules().rules().get(0)) == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aSocketIsGovernedWithinASecondOfItsOpening(String address) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName(address));
        SocketSweeper sweeper = sweep("within=30s,to=*:" + server.getLocalPort())) {
      awaitLook(sweeper);
      BestOfFive.requireWithin(SECOND, () -> timeUntilGoverned(server, sweeper));
    }
  }

  /** It has the number of one that was governed, which a scan doesn't ask again. */
  @Test
  void aSocketWithTheNumberOfAnotherIsGovernedWithinASecondOfItsOpening() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SocketSweeper sweeper = sweep("within=30s,to=*:" + server.getLocalPort())) {
      for (int i = 0; i < 3; i++) {
        BestOfFive.requireWithin(SECOND, () -> timeUntilGoverned(server, sweeper));
      }
      assertEquals(0, sweeper.failedSweeps());
    }
  }

  /** Opens a socket, and keeps it open until two more sweeps have seen it. */
  private static Duration timeUntilGoverned(ServerSocket server, SocketSweeper sweeper)
      throws Exception {
    long openedNs = System.nanoTime();
    try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort())) {
      Eventually.await(
          "its options", () -> LoopbackPair.optionsOf(client).equals(optionsWithin(30)));
      Duration time = Duration.ofNanos(System.nanoTime() - openedNs);
      awaitLook(sweeper);
      return time;
    }
  }

  @Test
  void aSocketThatWasOpenBeforeIsGoverned() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open();
        SocketSweeper sweeper = sweep("within=30s," + pair.to())) {
      Eventually.await(
          "its options", () -> LoopbackPair.optionsOf(pair.client).equals(optionsWithin(30)));
      Eventually.await("one governed", () -> sweeper.governed(sweeper.rules().rules().get(0)) == 1);
    }
  }

  @Test
  void whatIsOverwrittenIsSetAgainAndCounted() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open();
        SocketSweeper sweeper = sweep("within=30s," + pair.to())) {
      heard.await("governed", pair.port());
      assertEquals(0, sweeper.setAgain());
      pair.client.setKeepAlive(false);
      Eventually.await("keepalive again", () -> pair.client.getKeepAlive());
      heard.await("set again", pair.port());
      assertEquals(1, sweeper.setAgain());
      pair.client.setOption(jdk.net.ExtendedSocketOptions.TCP_KEEPIDLE, 7200);
      Eventually.await("set again", () -> sweeper.setAgain() == 2);
      assertEquals(optionsWithin(30), LoopbackPair.optionsOf(pair.client));
      awaitLook(sweeper);
      assertEquals(List.of("governed", "set again", "set again"), heard.of(pair.port()));
    }
  }

  @Test
  void theFirstMatchWins() throws Exception {
    try (LoopbackPair one = LoopbackPair.open();
        LoopbackPair other = LoopbackPair.open();
        SocketSweeper sweeper =
            sweep("within=30s," + one.to() + ",within=1m," + one.to() + "," + other.to())) {
      heard.await("governed", one.port());
      heard.await("governed", other.port());
      assertEquals(optionsWithin(30), LoopbackPair.optionsOf(one.client));
      assertEquals(optionsWithin(60), LoopbackPair.optionsOf(other.client));
      List<SocketRule> rules = sweeper.rules().rules();
      assertEquals(
          List.of(1L, 0L, 1L), rules.stream().map(rule -> sweeper.governed(rule)).toList());
    }
  }

  @Test
  void withoutARuleNothingIsTouched() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open();
        SocketSweeper none = SocketSweeper.builder().listener(heard).open();
        SocketSweeper others = sweep("within=30s,to=192.0.2.0/24")) {
      SocketOptions before = LoopbackPair.optionsOf(pair.client);
      awaitLook(none);
      awaitLook(others);
      assertEquals(before, LoopbackPair.optionsOf(pair.client));
      assertEquals(before, LoopbackPair.optionsOf(pair.peer));
      assertEquals(List.of(), heard.calls());
    }
  }

  @Test
  void otherKindsOfSocketsAreNotTouched(@TempDir Path folder) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel unconnected = SocketChannel.open();
        DatagramSocket udp = new DatagramSocket();
        ServerSocketChannel unixListener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      unconnected.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      udp.connect(InetAddress.getLoopbackAddress(), listener.getLocalPort());
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
      unixListener.bind(address);
      try (SocketChannel unix = SocketChannel.open(address);
          LoopbackPair pair = LoopbackPair.open();
          SocketSweeper sweeper = sweep("within=30s")) {
        heard.await("governed", pair.port());
        awaitLook(sweeper);
        assertTrue(unix.isConnected());
        assertFalse(unconnected.getOption(StandardSocketOptions.SO_KEEPALIVE));
        assertTrue(
            heard.calls().stream()
                .noneMatch(call -> call.event().local().getPort() == listener.getLocalPort()));
        assertEquals(List.of(), heard.of(0));
        assertEquals(0, sweeper.refused());
        assertEquals(0, sweeper.failedSweeps());
      }
    }
  }

  @Test
  void aSocketIsGovernedOnceItIsConnected() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel channel = SocketChannel.open();
        SocketSweeper sweeper = sweep("within=30s,to=*:" + server.getLocalPort())) {
      awaitLook(sweeper);
      assertEquals(List.of(), heard.calls());
      channel.connect(server.getLocalSocketAddress());
      heard.await("governed", server.getLocalPort());
      assertTrue(channel.getOption(StandardSocketOptions.SO_KEEPALIVE));
    }
  }

  /** Keepalive timers that are set together fire together. */
  @Test
  void aCrowdIsGovernedInBatches() throws Exception {
    int crowd = 150;
    int batch = 120;
    List<Socket> sockets = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, crowd, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < crowd; i++) {
        sockets.add(new Socket(server.getInetAddress(), server.getLocalPort()));
        sockets.add(server.accept());
      }
      try (SocketSweeper sweeper = sweep("within=30s,to=*:" + server.getLocalPort())) {
        Eventually.await("all governed", () -> heard.calls().size() == crowd);
        long pauseNs = heard.calls().get(batch).atNs() - heard.calls().get(0).atNs();
        assertTrue(pauseNs > Duration.ofMillis(128).toNanos(), pauseNs + " ns");
        assertEquals(crowd, sweeper.governed(sweeper.rules().rules().get(0)));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aLinkIsExemptFromItsFirstMomentToItsLast() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer source = KeepaliveServer.open(any);
        SocketSweeper sweeper =
            SocketSweeper.builder()
                .rules(SocketRules.parse("within=30s,to=127.0.0.0/8"))
                .listener(heard)
                .period(Duration.ofMillis(1))
                .open()) {
      long before = sweeper.sweeps();
      while (sweeper.sweeps() < before + 150) {
        KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults()).close();
      }
      assertEquals(0, heard.calls().size());
    }
  }

  @Test
  void theLinksOfThisLibraryKeepTheirOwnOptions() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer source = KeepaliveServer.open(any);
        KeepaliveSocket link =
            KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults())) {
      KeepaliveOptions before = link.options();
      try (LoopbackPair pair = LoopbackPair.open();
          SocketSweeper sweeper = sweep("within=30s")) {
        heard.await("governed", pair.port());
        awaitLook(sweeper);
        assertEquals(before, link.options());
        int port = source.localAddress().getPort();
        assertTrue(
            heard.calls().stream()
                .noneMatch(
                    call ->
                        call.event().local().getPort() == port
                            || call.event().remote().getPort() == port));
      }
    }
  }

  @Test
  void aClosedSweeperLeavesWhatItHasSetAndSetsNothingMore() throws Exception {
    try (LoopbackPair pair = LoopbackPair.open()) {
      SocketSweeper sweeper = sweep("within=30s," + pair.to());
      heard.await("governed", pair.port());
      sweeper.close();
      sweeper.close();
      assertEquals(optionsWithin(30), LoopbackPair.optionsOf(pair.client));
      long sweeps = sweeper.sweeps();
      pair.client.setKeepAlive(false);
      Eventually.assertNever("another sweep", () -> sweeper.sweeps() > sweeps);
      assertFalse(pair.client.getKeepAlive());
    }
  }

  @Test
  void aClosedSweeperTurnsASparedSocketsUserTimeoutOff() throws Exception {
    SocketOptions rule = SocketOptions.of(KeepaliveOptions.forTraffic(Duration.ofMillis(3_375)));
    Background<Boolean> writer;
    try (LoopbackPair pair = LoopbackPair.open()) {
      SocketSweeper sweeper = sweep("within=3375ms," + pair.to());
      heard.await("governed", pair.port());
      writer = Background.start(() -> fill(pair.client));
      Eventually.await(
          "a raised user timeout",
          () -> LoopbackPair.optionsOf(pair.client).userTimeoutMs() > rule.userTimeoutMs());
      sweeper.close();
      SocketOptions keepaliveAlone =
          new SocketOptions(true, rule.idleSeconds(), rule.intervalSeconds(), rule.count(), 0);
      assertEquals(keepaliveAlone, LoopbackPair.optionsOf(pair.client));
    }
    assertFalse(writer.get());
  }

  /** Returns false if the connection ends before. */
  private static boolean fill(Socket socket) {
    try {
      socket.getOutputStream().write(new byte[50_000_000]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void itsThreadIsADaemonAndEnds() throws Exception {
    SocketSweeper sweeper = sweep("within=30s,to=192.0.2.0/24");
    assertTrue(Sweepers.threads().stream().anyMatch(Thread::isDaemon));
    List<Thread> threads = Sweepers.threads();
    sweeper.close();
    assertTrue(threads.stream().anyMatch(thread -> !thread.isAlive()));
  }

  @Test
  void aRuleOfAnotherSweeperIsRefused() throws Exception {
    try (SocketSweeper sweeper = sweep("within=30s,to=192.0.2.0/24")) {
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class,
              () -> sweeper.governed(SocketRule.within(Duration.ofSeconds(30))));
      assertEquals(
          "rule \"within=30s\" is none of [within=30s,to=192.0.2.0/24]", refusal.getMessage());
    }
  }

  @Test
  void thePureJdkPathRefuses() {
    System.setProperty(Transport.PROPERTY, "jdk");
    try {
      assertThrows(UnsupportedOperationException.class, () -> SocketSweeper.builder().open());
    } finally {
      System.clearProperty(Transport.PROPERTY);
    }
  }
}
