package io.github.keepalive4j.qemu;

import static io.github.keepalive4j.qemu.FakeQemu.error;
import static io.github.keepalive4j.qemu.FakeQemu.success;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.qemu.QmpConnectionException.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that cannot be reached, do not answer, end, or send something that is not QMP. */
@Timeout(30)
class QmpClientFaultTest {

  private static final Duration SHORT_TIMEOUT = Duration.ofMillis(150);
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);
  private static final QmpOptions OPTIONS =
      QmpOptions.builder()
          .connectTimeout(LONG_TIMEOUT)
          .commandTimeout(LONG_TIMEOUT)
          .maxReplyBytes(4096)
          .build();
  private static final QmpOptions SHORT_CONNECT =
      QmpOptions.builder()
          .connectTimeout(SHORT_TIMEOUT)
          .commandTimeout(SHORT_TIMEOUT)
          .maxReplyBytes(4096)
          .build();
  private static final QmpOptions SHORT_COMMANDS =
      QmpOptions.builder()
          .connectTimeout(LONG_TIMEOUT)
          .commandTimeout(SHORT_TIMEOUT)
          .maxReplyBytes(4096)
          .build();

  private static QmpClient connect(FakeQemu qemu) throws Exception {
    return QmpClient.connect(qemu.address(), OPTIONS, QmpListener.NONE);
  }

  private static QmpConnectionException assertFault(Fault expected, Executable action) {
    QmpConnectionException e = assertThrows(QmpConnectionException.class, action);
    assertEquals(expected, e.fault(), e.getMessage());
    return e;
  }

  @Test
  void failsIfQemuRefusesCapabilities() throws Exception {
    try (FakeQemu qemu =
        FakeQemu.onTcp(
            connection -> {
              connection.send(FakeQemu.GREETING);
              connection.answer(connection.command(), any -> error("CommandNotFound", "no"));
              connection.fallSilent();
            })) {
      QmpException e = assertThrows(QmpException.class, () -> connect(qemu));
      assertEquals("CommandNotFound", e.errorClass());
    }
  }

  @Test
  void failsIfNobodyListens(@TempDir Path directory) {
    Path path = directory.resolve("none");
    assertFault(Fault.UNREACHABLE, () -> QmpClient.connect(UnixDomainSocketAddress.of(path)));
    assertFault(
        Fault.UNREACHABLE,
        () -> QmpClient.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
  }

  @Test
  void refusesAHostThatDoesNotResolve() {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
    assertThrows(IllegalArgumentException.class, () -> QmpClient.connect(nowhere));
  }

  @Test
  void timesOutWithoutAGreeting() throws Exception {
    try (FakeQemu qemu = FakeQemu.onTcp(FakeQemu.Connection::fallSilent)) {
      assertFault(
          Fault.TIMED_OUT,
          () -> QmpClient.connect(qemu.address(), SHORT_CONNECT, QmpListener.NONE).close());
    }
  }

  @Test
  void timesOutIfTheConnectionIsNotAccepted() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<SocketChannel> fillers = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          SocketChannel filler = SocketChannel.open();
          filler.configureBlocking(false);
          filler.connect(full.getLocalSocketAddress());
          fillers.add(filler);
        }
        SocketAddress address = full.getLocalSocketAddress();
        assertFault(
            Fault.TIMED_OUT,
            () -> QmpClient.connect(address, SHORT_CONNECT, QmpListener.NONE).close());
      } finally {
        for (SocketChannel filler : fillers) {
          filler.close();
        }
      }
    }
  }

  @Test
  void closesTheConnectionIfThePeerFallsSilent() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.fallSilent();
                });
        QmpClient client = QmpClient.connect(qemu.address(), SHORT_COMMANDS, QmpListener.NONE)) {
      long beganNs = System.nanoTime();
      QmpConnectionException e = assertFault(Fault.TIMED_OUT, () -> client.execute("cont"));
      assertTrue(System.nanoTime() - beganNs < Duration.ofSeconds(5).toNanos());
      assertTrue(e.getMessage().contains("cont"), e.getMessage());
      assertFalse(client.isOpen());
      assertFault(Fault.TIMED_OUT, () -> client.execute("query-status"));
    }
  }

  @Test
  void timesOutIfThePeerDoesNotRead() throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  over.join();
                });
        QmpClient client = QmpClient.connect(qemu.address(), SHORT_COMMANDS, QmpListener.NONE)) {
      QmpCommand huge = QmpCommand.of("huge").with("text", "x".repeat(32 << 20));
      assertFault(Fault.TIMED_OUT, () -> client.execute(huge));
      assertTrue(client.awaitClosed(LONG_TIMEOUT));
    } finally {
      over.complete(null);
    }
  }

  @Test
  void failsIfThePeerEndsInTheMiddleOfAMessage() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.command();
                  connection.send("{\"return\": {\"running\": tr");
                });
        QmpClient client = connect(qemu)) {
      QmpConnectionException e = assertFault(Fault.ENDED, () -> client.execute("query-status"));
      assertTrue(e.getMessage().contains("in the middle of a message"), e.getMessage());
    }
  }

  @Test
  void failsThePendingCommandIfThePeerEnds() throws Exception {
    try (FakeQemu qemu =
            FakeQemu.onTcp(
                connection -> {
                  connection.negotiate();
                  connection.command();
                });
        QmpClient client = connect(qemu)) {
      assertFault(Fault.ENDED, () -> client.execute("cont"));
      assertFalse(client.isOpen());
    }
  }

  @Test
  void refusesAnOversizedReply() throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> success("\"" + "x".repeat(5_000) + "\""));
        QmpClient client = connect(qemu)) {
      assertFault(Fault.OVERSIZED, () -> client.execute("query"));
      assertFalse(client.isOpen());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no JSON\r\n",
        "[1]\r\n",
        "{\"return\": }\r\n",
        "{}\r\n",
        "{\"return\": {}}\r\n",
        "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}\r\n",
        "{\"error\": \"GenericError\", \"id\": $ID}\r\n",
        "{\"error\": {\"class\": \"GenericError\"}, \"id\": $ID}\r\n",
        "{\"return\": {}, \"error\": {\"class\": \"a\", \"desc\": \"b\"}, \"id\": $ID}\r\n",
        "{\"return\": {}, \"id\": \"other\", \"id\": $ID}\r\n",
        "{\"return\": {}, \"id\": $ID\r\n{\"return\": {}, \"id\": 1}\r\n}",
        "{\"return\": \"a\r\nb\", \"id\": $ID}\r\n",
        "{\"return\": {\"a\"], \"id\": $ID}\r\n",
        "{\"event\": 5}\r\n",
        "{\"QMP\": {\"version\": {\"qemu\": {}}, \"capabilities\": []}}\r\n",
      })
  void closesTheConnectionAfterAMessageThatIsNotQmp(String answer) throws Exception {
    try (FakeQemu qemu = FakeQemu.answering(command -> answer);
        QmpClient client = connect(qemu)) {
      assertFault(Fault.PROTOCOL, () -> client.execute("query"));
      assertFalse(client.isOpen());
    }
  }

  /** As that of a stopped QEMU, which accepts nobody. */
  @Test
  void aFullBacklogIsNoEndOfThePeer(@TempDir Path folder) throws Exception {
    SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("qmp"));
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address, 1);
      while (isRoom(address, waiting)) {
        // one more
      }
      assertFault(
          Fault.TIMED_OUT, () -> QmpClient.connect(address, SHORT_CONNECT, QmpListener.NONE));
    } finally {
      for (SocketChannel client : waiting) {
        client.close();
      }
    }
  }

  private static boolean isRoom(SocketAddress address, List<SocketChannel> waiting)
      throws Exception {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    waiting.add(client);
    client.configureBlocking(false); // it would wait for room
    try {
      return client.connect(address);
    } catch (SocketException e) {
      return false;
    }
  }
}
