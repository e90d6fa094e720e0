package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sockets as drivers make and treat them. */
class DeadPeerSocketFactoryTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String RULES = "within=12s";
  private static final Duration BUDGET = Duration.ofSeconds(12);

  private final SocketFactory factory = new DeadPeerSocketFactory(RULES);
  private ServerSocket server;
  private int port;

  @BeforeEach
  void listen() throws Exception {
    server = new ServerSocket(0, 50, LOOPBACK);
    port = server.getLocalPort();
  }

  @AfterEach
  void close() throws Exception {
    System.clearProperty(DeadPeerSocketFactory.PROPERTY);
    server.close();
  }

  private static SocketOptions options(Socket socket) throws IOException {
    try (Duplicate duplicate =
        Duplicate.find(
            (InetSocketAddress) socket.getLocalSocketAddress(),
            (InetSocketAddress) socket.getRemoteSocketAddress())) {
      return duplicate.options();
    }
  }

  private static void assertBudget(Duration budget, Socket socket) throws IOException {
    SocketOptions expected = SocketOptions.of(KeepaliveOptions.forTraffic(budget));
    assertEquals(expected, options(socket));
  }

  @Test
  void aSocketIsSetWhenItConnects() throws Exception {
    try (Socket socket = factory.createSocket()) {
      socket.setKeepAlive(false);
      socket.connect(new InetSocketAddress(LOOPBACK, port));
      assertBudget(BUDGET, socket);
    }
    try (Socket socket = factory.createSocket()) {
      socket.connect(new InetSocketAddress(LOOPBACK, port), 5_000);
      assertBudget(BUDGET, socket);
    }
  }

  @Test
  void eachWayToAConnectedSocketSetsIt() throws Exception {
    String host = LOOPBACK.getHostAddress();
    try (Socket socket = factory.createSocket(host, port)) {
      assertBudget(BUDGET, socket);
    }
    try (Socket socket = factory.createSocket(LOOPBACK, port)) {
      assertBudget(BUDGET, socket);
    }
    InetAddress other = InetAddress.getByName("127.0.0.2");
    try (Socket socket = factory.createSocket(host, port, other, 0)) {
      assertBudget(BUDGET, socket);
      assertEquals(other, socket.getLocalAddress());
    }
    try (Socket socket = factory.createSocket(LOOPBACK, port, other, 0)) {
      assertBudget(BUDGET, socket);
      assertEquals(other, socket.getLocalAddress());
    }
    try (Socket socket = factory.createSocket(host, port, null, 0)) {
      assertBudget(BUDGET, socket);
    }
  }

  @Test
  void whatADriverUndoesIsSetAgain() throws Exception {
    try (Socket socket = factory.createSocket(LOOPBACK, port)) {
      socket.setKeepAlive(false); // as pgjdbc does by default
      assertBudget(BUDGET, socket);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, false);
      assertBudget(BUDGET, socket);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 7_200);
      assertBudget(BUDGET, socket);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 100);
      assertBudget(BUDGET, socket);
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      assertTrue(socket.getTcpNoDelay());
    }
  }

  @Test
  void whatADriverUndoesThroughTlsOnTopIsSetAgain() throws Exception {
    SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (Socket socket = factory.createSocket(LOOPBACK, port);
        SSLSocket top = (SSLSocket) tls.createSocket(socket, "localhost", port, true)) {
      top.setKeepAlive(false);
      assertBudget(BUDGET, socket);
    }
  }

  @Test
  void aPeerWithoutARuleIsLeftAlone() throws Exception {
    try (Socket socket =
        new DeadPeerSocketFactory("within=12s,to=10.0.0.0/8").createSocket(LOOPBACK, port)) {
      SocketOptions untouched = options(socket);
      assertFalse(untouched.keepAlive());
      assertEquals(0, untouched.userTimeoutMs());
      socket.setKeepAlive(true);
      assertTrue(options(socket).keepAlive());
    }
  }

  @Test
  void withoutRulesTheBudgetIs30Seconds() throws Exception {
    try (Socket socket = new DeadPeerSocketFactory().createSocket(LOOPBACK, port)) {
      assertBudget(Duration.ofSeconds(30), socket);
    }
    try (Socket socket = DeadPeerSocketFactory.getDefault().createSocket(LOOPBACK, port)) {
      assertBudget(Duration.ofSeconds(30), socket);
    }
  }

  /** Null is what pgjdbc gives without a socketFactoryArg. */
  @Test
  void nullAndBlankAreAsWithoutRules() throws Exception {
    System.setProperty(DeadPeerSocketFactory.PROPERTY, " ");
    for (String rules : new String[] {null, "", " "}) {
      try (Socket socket = new DeadPeerSocketFactory(rules).createSocket(LOOPBACK, port)) {
        assertBudget(Duration.ofSeconds(30), socket);
      }
    }
    System.setProperty(DeadPeerSocketFactory.PROPERTY, RULES);
    try (Socket socket = new DeadPeerSocketFactory(null).createSocket(LOOPBACK, port)) {
      assertBudget(BUDGET, socket);
    }
  }

  @Test
  void offLeavesSocketsAlone() throws Exception {
    System.setProperty(DeadPeerSocketFactory.PROPERTY, "off");
    try (Socket socket = new DeadPeerSocketFactory().createSocket(LOOPBACK, port)) {
      assertEquals(0, options(socket).userTimeoutMs());
    }
    try (Socket socket = new DeadPeerSocketFactory("off").createSocket(LOOPBACK, port)) {
      assertFalse(options(socket).keepAlive());
    }
  }

  @Test
  void afterAResetADriverMaySetOptionsAsOfAPlainSocket() throws Exception {
    try (Socket socket = factory.createSocket(LOOPBACK, port)) {
      try (Socket peer = server.accept()) {
        peer.setSoLinger(true, 0); // resets
      }
      Eventually.await("the reset", () -> !isConnected(socket));
      socket.setKeepAlive(true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      assertThrows(SocketException.class, () -> socket.getInputStream().read());
    }
  }

  private static boolean isConnected(Socket socket) {
    try {
      return options(socket) != null;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void thePropertyHoldsTheRulesOfFactoriesWithoutAny() throws Exception {
    System.setProperty(DeadPeerSocketFactory.PROPERTY, RULES);
    try (Socket socket = new DeadPeerSocketFactory().createSocket(LOOPBACK, port)) {
      assertBudget(BUDGET, socket);
    }
    System.setProperty(DeadPeerSocketFactory.PROPERTY, "within=soon");
    assertNames("soon", assertThrows(IllegalArgumentException.class, DeadPeerSocketFactory::new));
  }

  @Test
  void wrongRulesAreRefused() {
    assertNames(
        "banana",
        assertThrows(
            IllegalArgumentException.class, () -> new DeadPeerSocketFactory("within=banana")));
  }

  private static void assertNames(String part, Exception error) {
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  @Test
  void aFailedConnectionIsTheJdks() throws Exception {
    server.close();
    assertThrows(ConnectException.class, () -> factory.createSocket(LOOPBACK, port));
    assertThrows(UnknownHostException.class, () -> factory.createSocket("nowhere.invalid", port));
    try (Socket socket = factory.createSocket()) {
      assertThrows(
          ConnectException.class, () -> socket.connect(new InetSocketAddress(LOOPBACK, port)));
    }
  }

  @Test
  void aPeerThatDoesNotReadIsTakenForDead() throws Exception {
    try (Socket socket = new DeadPeerSocketFactory("within=4s").createSocket(LOOPBACK, port)) {
      Background<Void> writing = Background.start(() -> writeForEver(socket));
      assertThrows(SocketException.class, () -> writing.get(Duration.ofSeconds(20)));
    }
  }

  private static Void writeForEver(Socket socket) throws IOException {
    byte[] bytes = new byte[1 << 16];
    while (true) {
      socket.getOutputStream().write(bytes);
    }
  }

  @Test
  void aSocketBehindASocksProxyIsRefusedAndClosed() throws Exception {
    System.setProperty("socksProxyHost", LOOPBACK.getHostAddress());
    System.setProperty("socksProxyPort", Integer.toString(port));
    Background<Void> proxy = Background.start(this::grantOne);
    try (Socket socket = factory.createSocket()) {
      assertNames(
          "192.0.2.1",
          assertThrows(
              SocketException.class,
              () -> socket.connect(new InetSocketAddress("192.0.2.1", 5432), 5_000)));
      assertTrue(socket.isClosed());
      proxy.get();
    } finally {
      System.clearProperty("socksProxyHost");
      System.clearProperty("socksProxyPort");
    }
  }

  /** Answers a client of SOCKS 5 that it is connected (RFC 1928), and waits for its end. */
  private Void grantOne() throws IOException {
    try (Socket client = server.accept()) {
      InputStream asked = client.getInputStream();
      int methods = asked.readNBytes(2)[1];
      asked.readNBytes(methods);
      client.getOutputStream().write(new byte[] {5, 0});
      asked.readNBytes(10); // CONNECT to an IPv4 address
      client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
      asked.readAllBytes();
      return null;
    }
  }

  @Test
  void driversMakeItByName() throws Exception {
    Class<?> type = Class.forName("io.github.keepalive4j.sockets.DeadPeerSocketFactory");
    type.getConstructor().newInstance();
    type.getConstructor(String.class).newInstance(RULES);
    assertTrue(type.getMethod("getDefault").invoke(null) instanceof SocketFactory);
  }

  /** An application that asks for the options must not run without them unnoticed. */
  @Test
  void withoutTheShimAConnectionIsRefusedAndClosed() throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            ShimlessProgram.class, "-Dkeepalive4j.library=/nowhere/lib.so", "-Dport=" + port)) {
      String refusal = child.readLine();
      assertTrue(refusal.contains("/nowhere/lib.so"), refusal);
      assertEquals("closed", child.readLine());
    }
  }
}
