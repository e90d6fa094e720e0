package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options on sockets that somebody else made, set and read back. */
class ApplyToTest {
  private static final KeepaliveOptions OPTIONS =
      KeepaliveOptions.builder()
          .idle(Duration.ofSeconds(7))
          .interval(Duration.ofSeconds(3))
          .count(4)
          .userTimeout(Duration.ofMillis(17_500))
          .build();

  @TempDir Path directory;

  /** An option that only a link of this library can have. */
  private record Refused(String name, UnaryOperator<KeepaliveOptions.Builder> setter) {
    KeepaliveOptions options() {
      return setter.apply(KeepaliveOptions.builder()).build();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Refused> refusals =
      List.of(
          new Refused(
              "sourceAddress",
              builder ->
                  builder.sourceAddress(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
          new Refused("md5Key", builder -> builder.md5Key(Md5Key.of(new byte[1]))),
          new Refused(
              "probe", builder -> builder.probe(Duration.ofMillis(10), Duration.ofMillis(250))),
          new Refused("failWithoutCarrier", builder -> builder.failWithoutCarrier(true)),
          new Refused("suspectAfter", builder -> builder.suspectAfter(1)));

  @AfterEach
  void unselectTransport() {
    System.clearProperty(Transport.PROPERTY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aSocketGetsThemAndTheKernelGivesThemBack(String address) throws Exception {
    int before = Descriptors.count();
    try (Connection connection = Connection.open(InetAddress.getByName(address))) {
      assertInEffect(OPTIONS.applyTo(connection.client()));
      assertTrue(Connection.isKeptAlive(connection.client()));
      assertEquals(7, Connection.idleSeconds(connection.client()));
      assertUntouched(connection.server());
      assertInEffect(OPTIONS.applyTo(connection.server()));
      assertEquals(7, Connection.idleSeconds(connection.server()));
    }
    Descriptors.assertBackTo(before);
  }

  /** An IPv6 listener's end of an IPv4 connection has mapped addresses. */
  @Test
  void aMappedEndIsFoundByItsIpv4Addresses() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("::"));
        Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
        Socket server = listener.accept()) {
      InetSocketAddress local = (InetSocketAddress) server.getLocalSocketAddress();
      assertTrue(local.getAddress() instanceof Inet4Address);
      assertInEffect(OPTIONS.applyTo(server));
      assertEquals(7, Connection.idleSeconds(server));
      assertUntouched(client);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChannelGetsThem(boolean blocking) throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          SocketChannel server = listener.accept()) {
        client.configureBlocking(blocking);
        assertInEffect(OPTIONS.applyTo(client));
        assertEquals(7, Connection.idleSeconds(client.socket()));
        assertEquals(blocking, client.isBlocking());
        assertUntouched(server.socket());
      }
    }
  }

  @Test
  void aSocketThatIsKnownByItsAddressesAloneGetsThem() throws Exception {
    try (Connection connection = Connection.open()) {
      assertInEffect(OPTIONS.applyTo(connection.local(), connection.remote()));
      assertEquals(7, Connection.idleSeconds(connection.client()));
      assertUntouched(connection.server());
    }
  }

  /** What came back can be set again. */
  @Test
  void whatIsInEffectCanBeApplied() throws Exception {
    try (Connection connection = Connection.open()) {
      KeepaliveOptions effective = OPTIONS.applyTo(connection.client());
      assertEquals(effective, effective.applyTo(connection.client()));
    }
  }

  private static void assertInEffect(KeepaliveOptions effective) {
    assertEquals(OPTIONS.idle(), effective.idle());
    assertEquals(OPTIONS.interval(), effective.interval());
    assertEquals(OPTIONS.count(), effective.count());
    assertEquals(OPTIONS.userTimeout(), effective.userTimeout());
  }

  private static void assertUntouched(Socket socket) throws IOException {
    assertFalse(Connection.isKeptAlive(socket));
  }

  @ParameterizedTest
  @FieldSource("refusals")
  void whatOnlyALinkCanHaveIsRefusedByNameAndNothingIsSet(Refused refused) throws Exception {
    try (Connection connection = Connection.open()) {
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class, () -> refused.options().applyTo(connection.client()));
      assertTrue(thrown.getMessage().startsWith(refused.name()), thrown.getMessage());
      assertUntouched(connection.client());
    }
  }

  @Test
  void anOptionThatTheKernelRefusesIsNamedWithTheSocket() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().device("no-such-device").build();
    try (Connection connection = Connection.open()) {
      String message = refusal(() -> options.applyTo(connection.client()));
      assertTrue(message.contains("SO_BINDTODEVICE"), message);
      assertTrue(message.contains("ENODEV"), message);
      assertTrue(message.contains("from 127.0.0.1:" + connection.client().getLocalPort()), message);
      assertTrue(message.contains("to 127.0.0.1:" + connection.server().getLocalPort()), message);
    }
  }

  @Test
  void aSocketThatIsNotConnectedIsRefusedByName() throws Exception {
    try (Socket socket = new Socket();
        SocketChannel channel = SocketChannel.open()) {
      assertEquals(
          "the socket is not connected: Socket[unconnected]",
          refusal(() -> OPTIONS.applyTo(socket)));
      assertEquals(
          "the channel is not connected: " + channel, refusal(() -> OPTIONS.applyTo(channel)));
      assertEquals("the channel is not connected: " + channel, refusal(() -> TcpInfo.of(channel)));
    }
  }

  /** Where its listener's backlog is full, an attempt to connect is pending. */
  @Test
  void aChannelThatConnectsIsNotConnected() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback);
        Socket one = new Socket(loopback, server.getLocalPort());
        Socket two = new Socket(loopback, server.getLocalPort());
        SocketChannel pending = SocketChannel.open()) {
      pending.configureBlocking(false);
      assertFalse(pending.connect(server.getLocalSocketAddress()), one + " " + two);
      Exception e = assertThrows(IOException.class, () -> OPTIONS.applyTo(pending));
      assertTrue(e.getMessage().startsWith("the channel is not connected: "), e.getMessage());
    }
  }

  /** Newer JDKs make no such socket any more. */
  @Test
  @EnabledForJreRange(max = JRE.JAVA_21)
  @SuppressWarnings("deprecation")
  void aSocketForDatagramsIsRefused() throws Exception {
    try (Socket datagrams = new Socket(InetAddress.getLoopbackAddress(), 9, false)) {
      Exception e = assertThrows(IllegalArgumentException.class, () -> OPTIONS.applyTo(datagrams));
      assertTrue(e.getMessage().endsWith(" isn't TCP"), e.getMessage());
    }
  }

  @Test
  void aClosedSocketIsRefusedByName() throws Exception {
    Connection connection = Connection.open();
    connection.close();
    SocketChannel channel = SocketChannel.open();
    channel.close();
    assertEquals(
        "the socket is closed: " + connection.client(),
        refusal(() -> OPTIONS.applyTo(connection.client())));
    assertEquals("the channel is closed: " + channel, refusal(() -> OPTIONS.applyTo(channel)));
  }

  @Test
  void aConnectionThatHasDiedIsRefusedByItsAddresses() throws Exception {
    try (Connection connection = Connection.open()) {
      connection.reset();
      Eventually.await("the reset", () -> isRefused(connection));
      String message = refusal(() -> OPTIONS.applyTo(connection.client()));
      assertEquals(
          "this process has no connected TCP socket from 127.0.0.1:"
              + connection.local().getPort()
              + " to 127.0.0.1:"
              + connection.remote().getPort(),
          message);
      assertThrows(SocketException.class, () -> connection.client().getInputStream().read());
    }
  }

  private static boolean isRefused(Connection connection) {
    try {
      OPTIONS.applyTo(connection.client());
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void anAddressThatIsUnresolvedIsRefused() throws Exception {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 1);
    try (Connection connection = Connection.open()) {
      assertThrows(
          IllegalArgumentException.class, () -> OPTIONS.applyTo(connection.local(), unresolved));
      assertThrows(
          IllegalArgumentException.class, () -> TcpInfo.of(unresolved, connection.remote()));
    }
  }

  @Test
  void aUnixSocketIsRefused() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      try (SocketChannel client = SocketChannel.open(address);
          SocketChannel server = listener.accept()) {
        IllegalArgumentException thrown =
            assertThrows(IllegalArgumentException.class, () -> OPTIONS.applyTo(client));
        assertTrue(thrown.getMessage().contains("isn't TCP"), thrown.getMessage());
        assertThrows(IllegalArgumentException.class, () -> TcpInfo.of(server));
      }
    }
  }

  @Test
  void thePureJdkPathIsRefused() throws Exception {
    try (Connection connection = Connection.open()) {
      System.setProperty(Transport.PROPERTY, "jdk");
      List<Executable> calls =
          List.of(
              () -> OPTIONS.applyTo(connection.client()),
              () -> OPTIONS.applyTo(connection.local(), connection.remote()),
              () -> TcpInfo.of(connection.client()));
      for (Executable call : calls) {
        String message = assertThrows(UnsupportedOperationException.class, call).getMessage();
        assertTrue(message.contains("use the native transport"), message);
      }
      assertUntouched(connection.client());
    }
  }

  @Test
  void theKernelsViewIsOfTheSocket() throws Exception {
    try (Connection connection = Connection.open()) {
      connection.server().getOutputStream().write(new byte[5]);
      Eventually.await("five bytes", () -> TcpInfo.of(connection.client()).bytesReceived() == 5);
      TcpInfo info = TcpInfo.of(connection.local(), connection.remote());
      assertEquals(TcpInfo.State.ESTABLISHED, info.state());
      assertEquals(0, info.notSentBytes());
      assertTrue(info.sndWnd() > 0, info::toString);
      assertEquals(0, TcpInfo.of(connection.server()).bytesReceived());
    }
  }

  /** The peer doesn't read, so its window closes. */
  @Test
  void aClosedWindowIsSeen() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
          SocketChannel server = listener.accept()) {
        client.configureBlocking(false);
        ByteBuffer data = ByteBuffer.allocate(1 << 20);
        Eventually.await(
            "no room",
            () -> {
              client.write(data.rewind());
              TcpInfo info = TcpInfo.of(client);
              return info.notSentBytes() > 0 && info.sndWnd() < 1 << 16;
            });
        assertTrue(server.isConnected());
      }
    }
  }

  private static String refusal(Executable call) {
    return assertThrows(SocketException.class, call).getMessage();
  }
}
