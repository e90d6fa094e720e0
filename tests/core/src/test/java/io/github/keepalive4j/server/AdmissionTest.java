package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.RefusalReason;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.SourceDeclinedException;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Recorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect to a source, and how many. */
class AdmissionTest extends EachTransport {
  private static final int READ_TIMEOUT_MS = 10_000;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final List<Socket> backups = new ArrayList<>();
  private int descriptors;

  @BeforeEach
  void countDescriptors() throws Exception {
    KeepaliveServer.open(any("0.0.0.0")).close(); // what loads only once
    descriptors = Descriptors.count();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    for (Socket backup : backups) {
      backup.close();
    }
    Descriptors.assertBackTo(descriptors);
  }

  private class Listening implements ServerListener {
    @Override
    public void onConnected(BackupUpdate update) {
      heard.add("connected " + update.peer().getPort());
    }

    @Override
    public void onDisconnected(BackupUpdate update) {
      heard.add("disconnected " + update.peer().getPort());
    }

    @Override
    public void onRefused(BackupUpdate update) {
      heard.add("refused " + update.peer().getPort() + " " + update.refusalReason().orElseThrow());
    }
  }

  private static InetSocketAddress any(String address) {
    return new InetSocketAddress(address, 0);
  }

  private KeepaliveServer.Builder builder() {
    return KeepaliveServer.builder().listener(new Listening());
  }

  private static List<IpNetwork> networks(String... texts) {
    return List.of(texts).stream().map(IpNetwork::parse).toList();
  }

  private Socket connect(KeepaliveServer server, String from) throws IOException {
    InetAddress local = InetAddress.getByName(from);
    String to = from.contains(":") ? "::1" : "127.0.0.1";
    int port = server.localAddress().getPort();
    Socket backup = new Socket(InetAddress.getByName(to), port, local, 0);
    backup.setSoTimeout(READ_TIMEOUT_MS);
    backups.add(backup);
    return backup;
  }

  private void assertAccepted(Socket backup) throws Exception {
    assertEquals("connected " + backup.getLocalPort(), nextHeard());
    backup.getOutputStream().write('Q');
    assertEquals('A', backup.getInputStream().read());
  }

  private void assertRefused(Socket backup, RefusalReason refusal) throws Exception {
    assertEquals("refused " + backup.getLocalPort() + " " + refusal, nextHeard());
    assertEquals('G', backup.getInputStream().read());
    assertEquals(-1, backup.getInputStream().read());
  }

  private String nextHeard() throws InterruptedException {
    return heard.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void onlyAllowedNetworksMayConnect() throws Exception {
    try (KeepaliveServer server =
        builder().allow(networks("127.0.0.4/31", "127.0.1.0/24")).open(any("0.0.0.0"))) {
      assertAccepted(connect(server, "127.0.0.4"));
      assertAccepted(connect(server, "127.0.0.5"));
      assertAccepted(connect(server, "127.0.1.200"));
      assertRefused(connect(server, "127.0.0.6"), RefusalReason.NOT_ALLOWED);
      assertRefused(connect(server, "127.0.0.3"), RefusalReason.NOT_ALLOWED);
      assertEquals(2, server.refusals());
      assertEquals(3, server.connections());
      assertEquals(0, server.violations());
    }
  }

  @Test
  void eachCallOfAllowAddsNetworks() throws Exception {
    KeepaliveServer.Builder builder =
        builder().allow(networks("127.0.0.4")).allow(networks("127.0.1.0/24"));
    try (KeepaliveServer server = builder.open(any("0.0.0.0"))) {
      assertAccepted(connect(server, "127.0.0.4"));
      assertAccepted(connect(server, "127.0.1.200"));
      assertRefused(connect(server, "127.0.0.5"), RefusalReason.NOT_ALLOWED);
    }
  }

  @Test
  void onAnIpv6AddressIpv4BackupsAreJudgedAsIpv4() throws Exception {
    try (KeepaliveServer server = builder().allow(networks("127.0.0.2")).open(any("::"))) {
      assertAccepted(connect(server, "127.0.0.2"));
      assertRefused(connect(server, "127.0.0.3"), RefusalReason.NOT_ALLOWED);
      assertRefused(connect(server, "::1"), RefusalReason.NOT_ALLOWED);
    }
    try (KeepaliveServer server = builder().allow(networks("::/0")).open(any("::"))) {
      assertAccepted(connect(server, "::1"));
      assertRefused(connect(server, "127.0.0.1"), RefusalReason.NOT_ALLOWED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theTotalIsLimited(int max) throws Exception {
    try (KeepaliveServer server = builder().maxConnections(max).open(any("0.0.0.0"))) {
      for (int i = 1; i <= max; i++) {
        assertAccepted(connect(server, "127.0.0." + i));
      }
      assertRefused(connect(server, "127.0.0.9"), RefusalReason.TOO_MANY);
      leave(0);
      assertAccepted(connect(server, "127.0.0.9"));
      assertRefused(connect(server, "127.0.0.9"), RefusalReason.TOO_MANY);
      assertEquals(max, server.connections());
      assertEquals(2, server.refusals());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theNumberFromOneAddressIsLimited(int max) throws Exception {
    try (KeepaliveServer server = builder().maxConnectionsPerAddress(max).open(any("::"))) {
      for (int i = 1; i <= max; i++) {
        assertAccepted(connect(server, "127.0.0.1"));
      }
      assertRefused(connect(server, "127.0.0.1"), RefusalReason.TOO_MANY_FROM_ADDRESS);
      assertAccepted(connect(server, "127.0.0.2"));
      assertAccepted(connect(server, "::1"));
      leave(0);
      assertAccepted(connect(server, "127.0.0.1"));
      assertRefused(connect(server, "127.0.0.1"), RefusalReason.TOO_MANY_FROM_ADDRESS);
    }
  }

  private void leave(int index) throws Exception {
    Socket leaving = backups.get(index);
    leaving.close();
    assertEquals("disconnected " + leaving.getLocalPort(), nextHeard());
  }

  @Test
  void aBackupThatIsRefusedDoesNotTakeOver() throws Exception {
    Recorder recorder = new Recorder();
    try (KeepaliveServer server = builder().maxConnections(1).open(any("127.0.0.1"));
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      assertAccepted(connect(server, "127.0.0.1"));
      for (int i = 0; i < 20; i++) {
        KeepaliveSocket link =
            KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults());
        monitor.watch(link, recorder, recorder);
        Eventually.await("closed", () -> !link.isOpen());
      }
    }
    assertEquals(20, recorder.calls().stream().filter("left"::equals).count());
    assertEquals(40, recorder.calls().size(), recorder.calls()::toString);
  }

  @Test
  void aProbingBackupThatIsRefusedIsReportedAtConnect() throws Exception {
    Duration budget = Duration.ofMillis(500);
    if (!isNative()) {
      assertThrows(
          UnsupportedOperationException.class, () -> KeepaliveOptions.detectWithin(budget));
      return;
    }
    KeepaliveOptions options = KeepaliveOptions.detectWithin(budget);
    try (KeepaliveServer server = builder().allow(networks("::1")).open(any("127.0.0.1"))) {
      for (int i = 0; i < 20; i++) {
        SourceDeclinedException thrown =
            assertThrows(
                SourceDeclinedException.class,
                () -> KeepaliveSocket.connect(server.localAddress(), options));
        String address = server.localAddress().toString();
        assertTrue(thrown.getMessage().contains(address), thrown.getMessage());
      }
    }
  }

  @Test
  void manyThatComeAndGoAreCountedRight() throws Exception {
    try (KeepaliveServer server = builder().maxConnectionsPerAddress(2).open(any("127.0.0.1"))) {
      for (int i = 0; i < 50; i++) {
        assertAccepted(connect(server, "127.0.0.1"));
        assertAccepted(connect(server, "127.0.0.1"));
        assertRefused(connect(server, "127.0.0.1"), RefusalReason.TOO_MANY_FROM_ADDRESS);
        connectRudely(server);
        leave(3 * i);
        leave(3 * i + 1);
        backups.get(3 * i + 2).close();
      }
    }
  }

  /** Its violation comes after its refusal: nothing is counted out twice. */
  private void connectRudely(KeepaliveServer server) throws Exception {
    try (Socket rude =
        new Socket(InetAddress.getLoopbackAddress(), server.localAddress().getPort())) {
      rude.getOutputStream().write('?');
      assertEquals("refused " + rude.getLocalPort() + " TOO_MANY_FROM_ADDRESS", nextHeard());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void limitsOutOfRangeAreRefusedByName(int limit) {
    KeepaliveServer.Builder builder = KeepaliveServer.builder();
    String range = " " + limit + " is not from 1 to 2147483647";
    assertEquals(
        "maxConnections" + range,
        assertThrows(IllegalArgumentException.class, () -> builder.maxConnections(limit))
            .getMessage());
    assertEquals(
        "maxConnectionsPerAddress" + range,
        assertThrows(IllegalArgumentException.class, () -> builder.maxConnectionsPerAddress(limit))
            .getMessage());
  }

  @Test
  void theLargestLimitsAreTaken() throws Exception {
    KeepaliveServer.Builder builder =
        builder().maxConnections(Integer.MAX_VALUE).maxConnectionsPerAddress(Integer.MAX_VALUE);
    try (KeepaliveServer server = builder.open(any("127.0.0.1"))) {
      assertAccepted(connect(server, "127.0.0.1"));
    }
  }

  @Test
  void anEmptyAllowListIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> KeepaliveServer.builder().allow(List.of()))
            .getMessage();
    assertTrue(message.contains("networks"), message);
  }
}
