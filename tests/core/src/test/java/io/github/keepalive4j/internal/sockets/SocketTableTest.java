package io.github.keepalive4j.internal.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sockets of this process: listed, looked at, duplicated. */
class SocketTableTest {
  private static final SocketOptions OPTIONS = new SocketOptions(true, 7, 3, 4, 17_500);

  private final Looks looks = new Looks();
  private int before;
  private ServerSocket listener;
  private Socket client;
  private Socket server;
  private SocketTable table;

  @BeforeEach
  void open() throws Exception {
    before = Descriptors.count();
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    client = new Socket(listener.getInetAddress(), listener.getLocalPort());
    server = listener.accept();
    table = SocketTable.ofThisProcess();
  }

  @AfterEach
  void close() throws Exception {
    System.clearProperty(Transport.PROPERTY);
    table.close();
    client.close();
    server.close();
    listener.close();
    Descriptors.assertBackTo(before);
  }

  /** Returns where a socket is among those that a scan has found. */
  private int indexOf(Sockets sockets, Socket wanted) throws IOException {
    for (int i = 0; i < sockets.size(); i++) {
      Optional<Duplicate> found = table.duplicate(sockets.fd(i), sockets.identity(i));
      if (found.isPresent() && isBetween(found.get(), wanted)) {
        return i;
      }
    }
    throw new AssertionError("not found: " + wanted);
  }

  private static boolean isBetween(Duplicate duplicate, Socket wanted) {
    try (duplicate) {
      return duplicate.local().equals(wanted.getLocalSocketAddress())
          && duplicate.remote().equals(wanted.getRemoteSocketAddress());
    } catch (IOException notConnected) {
      return false;
    }
  }

  @Test
  void aScanFindsBothEndsAndFillsTheSameObject() throws Exception {
    Sockets sockets = table.scan();
    long identity = sockets.identity(indexOf(sockets, client));
    assertNotEquals(identity, sockets.identity(indexOf(sockets, server)));
    assertSame(sockets, table.scan());
    assertEquals(identity, sockets.identity(indexOf(sockets, client)));
    assertThrows(IndexOutOfBoundsException.class, () -> sockets.fd(sockets.size()));
  }

  @Test
  void moreSocketsThanOneCallTakesAreFound() throws Exception {
    int known = table.scan().size();
    List<DatagramSocket> many = new ArrayList<>();
    try {
      for (int i = 0; i < 2_100; i++) {
        many.add(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
      }
      assertTrue(table.scan().size() >= known + 2_100 - 50, "others may close some meanwhile");
    } finally {
      many.forEach(DatagramSocket::close);
    }
  }

  /**
   * Its number is remembered with an identity that no socket has, so it shows where that is from.
   */
  @Test
  void aMarkedSocketIsNotAskedForItsIdentity() throws Exception {
    Sockets sockets = table.scan();
    int found = indexOf(sockets, client);
    int fd = sockets.fd(found);
    long identity = sockets.identity(found);
    try (Duplicate duplicate = Duplicate.find(client)) {
      table.mark(duplicate, fd, -1);
    }
    assertEquals(-1, identityOf(fd));
    assertEquals(-1, identityOf(fd));
    table.unmark(fd);
    assertEquals(identity, identityOf(fd));
    try (Duplicate duplicate = Duplicate.find(client)) {
      table.mark(duplicate, fd, -1);
      client.close();
      assertNotEquals(-1, identityOf(fd));
    }
    table.unmark(Integer.MAX_VALUE);
  }

  /** Returns 0 for none. */
  private long identityOf(int fd) throws IOException {
    Sockets sockets = table.scan();
    long identity = 0;
    for (int i = 0; i < sockets.size(); i++) {
      identity = sockets.fd(i) == fd ? sockets.identity(i) : identity;
    }
    return identity;
  }

  @Test
  void aLookReadsWhatIsThere() throws Exception {
    Sockets sockets = table.scan();
    int found = indexOf(sockets, client);
    KeepaliveOptions.forTraffic(Duration.ofSeconds(6)).applyTo(client);
    looks.add(sockets.fd(found), sockets.identity(found));
    table.look(looks);
    assertEquals(0, looks.error(0));
    assertEquals(TcpInfo.State.ESTABLISHED, looks.state(0));
    assertEquals(new SocketOptions(true, 1, 1, 4, 4_500), looks.options(0));
    assertTrue(looks.hasOptions(0, looks.options(0)));
    assertEquals(
        SocketOptions.of(KeepaliveOptions.forTraffic(Duration.ofSeconds(6))), looks.options(0));
    assertEquals(0, looks.unacked(0));
    assertEquals(0, looks.notSent(0));
    assertEquals(0, looks.queuedBytes(0));
    assertEquals(0, looks.probes(0));
    assertEquals(0, looks.retransmits(0));
    assertEquals(0, looks.backoff(0));
    assertTrue(looks.sendWindow(0) > 0);
    assertTrue(looks.rtoUs(0) >= 1_000);
    assertTrue(looks.sinceAckMs(0) >= 0 && looks.sinceHeardMs(0) <= looks.sinceAckMs(0));
    assertTrue(looks.sinceSentMs(0) >= 0);
  }

  @Test
  void eachOptionIsCompared() throws Exception {
    Sockets sockets = table.scan();
    int found = indexOf(sockets, client);
    try (Duplicate duplicate = Duplicate.find(client)) {
      duplicate.set(OPTIONS);
      assertEquals(OPTIONS, duplicate.options());
    }
    looks.add(sockets.fd(found), sockets.identity(found));
    table.look(looks);
    assertTrue(looks.hasOptions(0, OPTIONS));
    assertFalse(looks.hasOptions(0, new SocketOptions(false, 7, 3, 4, 17_500)));
    assertFalse(looks.hasOptions(0, new SocketOptions(true, 8, 3, 4, 17_500)));
    assertFalse(looks.hasOptions(0, new SocketOptions(true, 7, 4, 4, 17_500)));
    assertFalse(looks.hasOptions(0, new SocketOptions(true, 7, 3, 5, 17_500)));
    assertFalse(looks.hasOptions(0, new SocketOptions(true, 7, 3, 4, 17_501)));
  }

  @Test
  void eachLookHasItsOwnErrorAndTheObjectIsUsedAgain() throws Exception {
    Sockets sockets;
    int found;
    try (DatagramSocket udp = new DatagramSocket()) {
      assertTrue(udp.isBound());
      sockets = table.scan();
      found = indexOf(sockets, client);
      for (int i = 0; i < sockets.size(); i++) {
        looks.add(sockets.fd(i), sockets.identity(i), i % 2 == 0);
      }
      looks.add(sockets.fd(found), 1);
      table.look(looks);
    }
    assertEquals(sockets.size() + 1, looks.size());
    assertEquals(0, looks.error(found));
    assertEquals(sockets.fd(found), looks.fd(found));
    assertEquals(sockets.identity(found), looks.identity(found));
    assertTrue(looks.isGone(looks.size() - 1));
    boolean udpIsNamed = false;
    for (int i = 0; i < sockets.size(); i++) {
      udpIsNamed |= looks.isNotTcp(i);
    }
    assertTrue(udpIsNamed);
    looks.clear();
    assertEquals(0, looks.size());
    table.look(looks);
  }

  @Test
  void whatIsClosedOrNotTcpIsNotDuplicated() throws Exception {
    Sockets sockets = table.scan();
    int found = indexOf(sockets, client);
    assertEquals(Optional.empty(), table.duplicate(sockets.fd(found), 1));
    client.close();
    assertEquals(Optional.empty(), table.duplicate(sockets.fd(found), sockets.identity(found)));
    assertEquals(Optional.empty(), table.duplicate(-1, sockets.identity(found)));
    try (DatagramSocket udp = new DatagramSocket()) {
      assertTrue(udp.isBound());
      for (int i = table.scan().size() - 1; i >= 0; i--) {
        table.duplicate(sockets.fd(i), sockets.identity(i)).ifPresent(SocketTableTest::assertTcp);
      }
    }
  }

  private static void assertTcp(Duplicate duplicate) {
    try (duplicate) {
      duplicate.info();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDuplicateSetsReadsAndEndsTheConnection() throws Exception {
    try (Duplicate duplicate = Duplicate.find(client)) {
      assertEquals(client.getLocalSocketAddress(), duplicate.local());
      assertEquals(client.getRemoteSocketAddress(), duplicate.remote());
      duplicate.setUserTimeout(1_234);
      assertEquals(1_234, duplicate.options().userTimeoutMs());
      assertEquals(0, duplicate.queuedBytes());
      assertEquals(TcpInfo.State.ESTABLISHED, duplicate.info().state());
      duplicate.shutdown();
      assertEquals(-1, client.getInputStream().read());
      assertEquals(-1, server.getInputStream().read());
    }
  }

  @Test
  void whatTheKernelRefusesIsNamedWithTheSocket() throws Exception {
    try (Duplicate duplicate = Duplicate.find(client)) {
      String message =
          assertThrows(IOException.class, () -> duplicate.set(new SocketOptions(true, 0, 1, 1, 0)))
              .getMessage();
      assertTrue(message.contains("TCP_KEEPIDLE"), message);
      assertTrue(message.contains("from 127.0.0.1:" + client.getLocalPort()), message);
      assertThrows(IllegalArgumentException.class, () -> duplicate.setUserTimeout(-1));
    }
  }

  @Test
  void aClosedDuplicateAndAClosedTableAreRefused() throws Exception {
    Duplicate duplicate = Duplicate.find(client);
    duplicate.close();
    duplicate.close();
    assertThrows(IOException.class, duplicate::info);
    table.scan();
    table.close();
    table.close();
    assertThrows(IOException.class, table::scan);
    assertThrows(IOException.class, () -> table.look(looks));
    assertThrows(IOException.class, () -> table.duplicate(0, 1));
  }

  /** The owner is to get the error, not the one that looks. */
  @Test
  void theErrorStaysTheOwners() throws Exception {
    Sockets sockets = table.scan();
    int found = indexOf(sockets, client);
    looks.add(sockets.fd(found), sockets.identity(found));
    server.setSoLinger(true, 0);
    server.close();
    Eventually.await(
        "the reset",
        () -> {
          table.look(looks);
          return looks.state(0) == TcpInfo.State.CLOSE;
        });
    IOException thrown = assertThrows(IOException.class, () -> client.getInputStream().read());
    assertTrue(thrown.getMessage().contains("reset"), thrown::toString);
  }

  @Test
  void thePureJdkPathIsRefused() {
    System.setProperty(Transport.PROPERTY, "jdk");
    assertThrows(UnsupportedOperationException.class, SocketTable::ofThisProcess);
    assertThrows(UnsupportedOperationException.class, () -> SocketTable.ofProcess(1));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    assertThrows(UnsupportedOperationException.class, () -> Duplicate.find(address, address));
  }
}
