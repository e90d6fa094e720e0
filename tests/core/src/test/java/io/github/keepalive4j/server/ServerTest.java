package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.support.Sockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The source's end, seen by backups that are no more than sockets. */
class ServerTest extends EachTransport {
  private static final InetSocketAddress ANY = new InetSocketAddress("0.0.0.0", 0);
  private static final int READ_TIMEOUT_MS = 10_000;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private int descriptors;

  @BeforeEach
  void countDescriptors() throws Exception {
    KeepaliveServer.open(ANY).close(); // what loads only once
    descriptors = Descriptors.count();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    Descriptors.assertBackTo(descriptors);
  }

  private class Listening implements ServerListener {
    @Override
    public void onConnected(BackupUpdate update) {
      heard.add("connected " + update.peer().getPort());
    }

    @Override
    public void onDisconnected(BackupUpdate update) {
      OptionalInt octet = update.octet();
      heard.add(
          octet.isPresent()
              ? "violation " + update.peer().getPort() + " " + octet.getAsInt()
              : "disconnected " + update.peer().getPort() + " " + update.cause().orElseThrow());
    }
  }

  private String nextHeard() throws InterruptedException {
    return heard.poll(10, TimeUnit.SECONDS);
  }

  private KeepaliveServer listening() throws IOException {
    return KeepaliveServer.builder().listener(new Listening()).open(ANY);
  }

  private static Socket backupOf(KeepaliveServer server) throws IOException {
    Socket backup = new Socket(InetAddress.getLoopbackAddress(), server.localAddress().getPort());
    backup.setSoTimeout(READ_TIMEOUT_MS);
    return backup;
  }

  /** A backup that ends its connection in one way or the other. */
  private record RawBackup(Socket socket) implements AutoCloseable {
    int port() {
      return socket.getLocalPort();
    }

    void finish() throws IOException {
      socket.close();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void send(Socket backup, String octets) throws IOException {
    backup.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void backupsComeAndGo() throws Exception {
    try (KeepaliveServer server = listening();
        RawBackup finishing = new RawBackup(backupOf(server));
        RawBackup resetting = new RawBackup(backupOf(server))) {
      assertEquals("connected " + finishing.port(), nextHeard());
      assertEquals("connected " + resetting.port(), nextHeard());
      assertEquals(2, server.connections());
      finishing.finish();
      assertEquals("disconnected " + finishing.port() + " CLOSED", nextHeard());
      resetting.reset();
      assertEquals("disconnected " + resetting.port() + " RESET", nextHeard());
      assertEquals(0, server.connections());
      assertEquals(0, server.violations());
    }
  }

  @Test
  void aLinkAndAServerAreTwoHalves() throws Exception {
    KeepaliveServer server = listening();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.localAddress().getPort());
    Recorder recorder = new Recorder();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
      monitor.watch(link, recorder, recorder);
      recorder.await("up");
      assertEquals("connected " + link.localAddress().getPort(), nextHeard());
      server.close();
      Eventually.await("closed", () -> !link.isOpen());
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), recorder.calls());
    }
  }

  @Test
  void bytesThatPiledUpAreDrained() throws Exception {
    byte[] probes = new byte[64 << 10];
    Arrays.fill(probes, (byte) 'P');
    try (KeepaliveServer server = listening();
        Socket backup = backupOf(server)) {
      Background.start(
              () -> {
                backup.getOutputStream().write(probes);
                return null;
              })
          .get();
      send(backup, "Q");
      assertEquals('A', backup.getInputStream().read());
      assertEquals(0, server.violations());
    }
  }

  @Test
  void onlyAQueryIsAnswered() throws Exception {
    try (KeepaliveServer server = listening();
        Socket backup = backupOf(server)) {
      for (int i = 0; i < 3; i++) {
        send(backup, "P");
        send(backup, "Q");
        assertEquals('A', backup.getInputStream().read());
      }
      send(backup, "PPP");
      backup.shutdownOutput();
      assertEquals(-1, backup.getInputStream().read(), "an answer that nobody asked for");
    }
  }

  @Test
  void aHealthCheckWhoseClassesAreGoneWithholdsTheAnswer() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveServer.class);
        KeepaliveServer server =
            KeepaliveServer.builder()
                .health(
                    () -> {
                      throw new NoClassDefFoundError("undeployed");
                    })
                .open(ANY);
        Socket backup = backupOf(server)) {
      send(backup, "Q");
      Eventually.await("a line in the log", () -> !log.messages().isEmpty());
      assertEquals("the health check failed: the answer is withheld", log.messages().get(0));
    }
  }

  @Test
  void anUnknownByteClosesItsConnectionAlone() throws Exception {
    try (KeepaliveServer server = listening();
        Socket rude = backupOf(server);
        Socket polite = backupOf(server)) {
      assertEquals("connected " + rude.getLocalPort(), nextHeard());
      assertEquals("connected " + polite.getLocalPort(), nextHeard());
      send(rude, "Px");
      assertEquals("violation " + rude.getLocalPort() + " 120", nextHeard());
      assertEquals(-1, rude.getInputStream().read());
      assertEquals(1, server.violations());
      assertEquals(1, server.connections());
      send(polite, "Q");
      assertEquals('A', polite.getInputStream().read());
    }
  }

  @Test
  void aSourcesOwnBytesAreViolationsAtASource() throws Exception {
    try (KeepaliveServer server = listening()) {
      for (String octet : List.of("A", "G")) {
        try (Socket backup = backupOf(server)) {
          send(backup, octet);
          assertEquals(-1, backup.getInputStream().read());
        }
      }
      assertEquals(2, server.violations());
    }
  }

  @Test
  void aListenerThatThrowsHearsTheEventsThatFollow() throws Exception {
    ServerListener throwing =
        new ServerListener() {
          @Override
          public void onConnected(BackupUpdate update) {
            throw new IllegalStateException("connected");
          }

          @Override
          public void onDisconnected(BackupUpdate update) {
            heard.add("disconnected");
            throw new AssertionError("disconnected");
          }
        };
    try (LogRecords log = LogRecords.of(KeepaliveServer.class);
        KeepaliveServer server = KeepaliveServer.builder().listener(throwing).open(ANY)) {
      Socket[] backups = new Socket[20];
      for (int i = 0; i < backups.length; i++) {
        backups[i] = backupOf(server);
      }
      Eventually.await("all connected", () -> server.connections() == backups.length);
      for (Socket backup : backups) {
        backup.close();
      }
      for (int i = 0; i < backups.length; i++) {
        assertEquals("disconnected", nextHeard());
      }
      Eventually.await("all are logged", () -> log.messages().size() >= 2 * backups.length - 1);
      try (Socket backup = backupOf(server)) {
        send(backup, "Q");
        assertEquals('A', backup.getInputStream().read());
      }
    }
  }

  @Test
  void aListenerThatBlocksHoldsUpNoAnswer() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    ServerListener blocking =
        new Listening() {
          @Override
          public void onConnected(BackupUpdate update) {
            super.onConnected(update);
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    try (KeepaliveServer server = KeepaliveServer.builder().listener(blocking).open(ANY);
        Socket backup = backupOf(server)) {
      assertEquals("connected " + backup.getLocalPort(), nextHeard());
      send(backup, "Q");
      try {
        assertEquals('A', backup.getInputStream().read());
      } finally {
        goOn.countDown();
      }
    }
  }

  @Test
  void aListenerMayCloseItsServer() throws Exception {
    BlockingQueue<KeepaliveServer> servers = new LinkedBlockingQueue<>();
    CountDownLatch closed = new CountDownLatch(1);
    ServerListener closing =
        new Listening() {
          @Override
          public void onConnected(BackupUpdate update) {
            super.onConnected(update);
            try {
              servers.take().close();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            closed.countDown();
          }
        };
    LogRecords log = LogRecords.of(KeepaliveServer.class);
    KeepaliveServer server = KeepaliveServer.builder().listener(closing).open(ANY);
    int port = server.localAddress().getPort();
    try (Socket first = backupOf(server);
        Socket second = backupOf(server)) {
      servers.add(server);
      assertTrue(closed.await(10, TimeUnit.SECONDS));
      assertEquals(-1, first.getInputStream().read());
      assertThrows(IOException.class, () -> readToTheEnd(second));
      assertEquals(0, server.connections());
    }
    KeepaliveServer.open(new InetSocketAddress("0.0.0.0", port)).close();
    assertEquals(1, heard.size(), heard::toString);
    assertEquals(List.of(), log.messages());
    log.close();
  }

  /** A connection that was never accepted ends with a reset. */
  private static void readToTheEnd(Socket backup) throws IOException {
    int octet = backup.getInputStream().read();
    assertEquals(-1, octet);
  }

  @Test
  void closingTwiceAndFromSeveralThreadsIsHarmless() throws Exception {
    KeepaliveServer server = listening();
    try (Socket backup = backupOf(server)) {
      Background<?>[] closers = new Background<?>[4];
      for (int i = 0; i < closers.length; i++) {
        closers[i] =
            Background.start(
                () -> {
                  server.close();
                  return null;
                });
      }
      for (Background<?> closer : closers) {
        closer.get();
      }
      server.close();
      assertThrows(IOException.class, server::localAddress);
      backup.getOutputStream();
    }
  }

  @Test
  void thePortCanBeTakenAgainAtOnce() throws Exception {
    KeepaliveServer server = listening();
    InetSocketAddress address = new InetSocketAddress("0.0.0.0", server.localAddress().getPort());
    try (Socket backup = backupOf(server)) {
      assertEquals("connected " + backup.getLocalPort(), nextHeard());
      server.close();
      KeepaliveServer.open(address).close();
    }
  }

  /** As it does for a moment where a process is being started; the JDK's listener has no cure. */
  @Test
  void thePortCanBeTakenAgainThoughAChildHasTheDescriptor() throws Exception {
    if (!isNative()) {
      return;
    }
    Path copier = Path.of(ServerTest.class.getResource("/copy_listener.py").toURI());
    KeepaliveServer server = listening();
    InetSocketAddress address = new InetSocketAddress("0.0.0.0", server.localAddress().getPort());
    String pid = "" + ProcessHandle.current().pid();
    Process child =
        new ProcessBuilder("python3", copier.toString(), pid, "" + address.getPort())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader told = child.inputReader()) {
      assertEquals("copied", told.readLine());
      server.close();
      KeepaliveServer.open(address).close();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aPortInUseIsAnError() throws Exception {
    try (KeepaliveServer server = listening()) {
      InetSocketAddress taken = new InetSocketAddress("0.0.0.0", server.localAddress().getPort());
      IOException thrown = assertThrows(IOException.class, () -> KeepaliveServer.open(taken));
      if (isNative()) {
        assertEquals("EADDRINUSE", assertInstanceOf(KeepaliveException.class, thrown).errnoName());
      } else {
        assertInstanceOf(BindException.class, thrown);
      }
    }
  }

  @Test
  void anUnresolvedAddressIsAnError() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("nowhere.invalid", 0);
    assertThrows(UnknownHostException.class, () -> KeepaliveServer.open(unresolved));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void backlogsOutOfRangeAreRefused(int backlog) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> KeepaliveServer.builder().backlog(backlog))
            .getMessage();
    assertEquals("backlog " + backlog + " is not from 1 to 2147483647", message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, Integer.MAX_VALUE})
  void backlogsAtTheEndsOfTheRangeAreTaken(int backlog) throws Exception {
    try (KeepaliveServer server = KeepaliveServer.builder().backlog(backlog).open(ANY);
        Socket backup = backupOf(server)) {
      send(backup, "Q");
      assertEquals('A', backup.getInputStream().read());
    }
  }

  @Test
  void anIpv6AddressTakesBothFamilies() throws Exception {
    try (KeepaliveServer server =
        KeepaliveServer.builder().listener(new Listening()).open(new InetSocketAddress("::", 0))) {
      assertConnects(server, "127.0.0.1");
      assertConnects(server, "::1");
    }
  }

  @Test
  void ipv6OnlyKeepsOutIpv4() throws Exception {
    KeepaliveServer.Builder builder = KeepaliveServer.builder().ipv6Only(true);
    InetSocketAddress any = new InetSocketAddress("::", 0);
    if (!isNative()) {
      assertThrows(UnsupportedOperationException.class, () -> builder.open(any));
      return;
    }
    try (KeepaliveServer server = builder.listener(new Listening()).open(any)) {
      assertConnects(server, "::1");
      assertThrows(ConnectException.class, () -> assertConnects(server, "127.0.0.1"));
    }
  }

  private void assertConnects(KeepaliveServer server, String address) throws Exception {
    InetAddress target = InetAddress.getByName(address);
    try (Socket backup = new Socket(target, server.localAddress().getPort())) {
      assertEquals("connected " + backup.getLocalPort(), nextHeard());
      assertEquals(
          target instanceof Inet4Address, backup.getLocalAddress() instanceof Inet4Address);
    }
    assertTrue(nextHeard().startsWith("disconnected "));
  }

  @Test
  void byDefaultItProbesAnIdleBackupOnceAMinute() throws Exception {
    assertSocket("timer:\\(keepalive,(5[0-9]sec|1min),0\\)", KeepaliveServer.builder());
  }

  @Test
  void withLessPatienceItProbesMoreOften() throws Exception {
    assertSocket(
        "timer:\\(keepalive,(1[0-9]|20)sec,0\\)",
        KeepaliveServer.builder().shedAfter(Duration.ofMinutes(10)));
  }

  @Test
  void itsConnectionsHaveItsMark() throws Exception {
    if (isNative()) {
      assertSocket("fwmark:0xfe", KeepaliveServer.builder().mark(0xFE));
    }
  }

  private void assertSocket(String pattern, KeepaliveServer.Builder builder) throws Exception {
    try (KeepaliveServer server = builder.listener(new Listening()).open(ANY);
        Socket backup = backupOf(server)) {
      assertTrue(nextHeard().startsWith("connected "));
      String sockets = Sockets.describe("sport", server.localAddress().getPort());
      assertTrue(Pattern.compile(pattern).matcher(sockets).find(), sockets);
      assertTrue(backup.isConnected());
    }
  }
}
