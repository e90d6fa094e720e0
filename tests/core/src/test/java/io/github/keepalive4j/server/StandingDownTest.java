package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.RefusalReason;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source that stands down says to its backups, seen by backups that are only sockets. */
class StandingDownTest extends EachTransport {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final int READ_TIMEOUT_MS = 10_000;

  private static Socket connect(InetSocketAddress source) throws IOException {
    Socket backup = new Socket(source.getAddress(), source.getPort());
    backup.setSoTimeout(READ_TIMEOUT_MS);
    return backup;
  }

  /** Connects a backup that has asked, as those with probes do. */
  private static Socket connectAndAsk(KeepaliveServer server) throws IOException {
    Socket backup = connect(server.localAddress());
    backup.getOutputStream().write('Q');
    assertEquals('A', backup.getInputStream().read());
    return backup;
  }

  private static Duration since(long startNs) {
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  private static void assertHearsFarewell(Socket backup) throws IOException {
    assertEquals('G', backup.getInputStream().read());
    assertEquals(-1, backup.getInputStream().read());
  }

  @Test
  void aBackupThatComesMeanwhileHearsTheFarewell() throws Exception {
    BlockingQueue<Optional<RefusalReason>> refusals = new LinkedBlockingQueue<>();
    ServerListener listener =
        new ServerListener() {
          @Override
          public void onRefused(BackupUpdate update) {
            refusals.add(update.refusalReason());
          }
        };
    KeepaliveServer server = KeepaliveServer.builder().listener(listener).open(ANY);
    InetSocketAddress address = server.localAddress();
    try (Socket silent = connectAndAsk(server)) { // its silence keeps the source waiting
      long startNs = System.nanoTime();
      Background<Boolean> standDown = Background.start(() -> server.standDown(LIMIT));
      assertEquals('G', silent.getInputStream().read());
      int newcomers = 0;
      for (; isComing(startNs); newcomers++) {
        try (Socket newcomer = connect(address)) {
          assertHearsFarewell(newcomer);
        } catch (ConnectException e) {
          break;
        }
      }
      assertTrue(newcomers > 5, "only " + newcomers);
      assertFalse(standDown.get());
      assertEquals(newcomers, server.refusals());
      assertEquals(Optional.of(RefusalReason.STANDING_DOWN), refusals.take());
    }
  }

  /** With the JDK alone a connection may complete at the moment at which the listener closes. */
  private boolean isComing(long startNs) {
    return isNative() || since(startNs).compareTo(LIMIT.dividedBy(2)) < 0;
  }

  @Test
  void aBackupThatAsksMeanwhileHearsTheFarewell() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket late = connect(server.localAddress());
        Socket silent = connectAndAsk(server)) {
      Background<Boolean> standDown = Background.start(() -> server.standDown(LONG));
      assertEquals('G', silent.getInputStream().read());
      late.getOutputStream().write('Q');
      int octet = late.getInputStream().read();
      boolean answered = octet == 'A'; // if it is the last one to be told
      assertEquals('G', answered ? late.getInputStream().read() : octet);
      server.close();
      assertFalse(standDown.get());
    }
  }

  @Test
  void standDownIsTrueOnceAllBackupsHaveClosed() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    Socket first = connectAndAsk(server);
    Socket second = connectAndAsk(server);
    long startNs = System.nanoTime();
    Background<Boolean> standDown = Background.start(() -> server.standDown(LONG));
    assertEquals('G', first.getInputStream().read());
    assertEquals('G', second.getInputStream().read());
    first.close();
    second.setSoLinger(true, 0); // as with an answer that comes after the farewell
    second.close();
    assertTrue(standDown.get());
    assertTrue(since(startNs).compareTo(LONG) < 0, "it waited for nobody");
  }

  @Test
  void standDownIsTrueWithoutBackups() throws Exception {
    assertTrue(KeepaliveServer.open(ANY).standDown());
  }

  @Test
  void standDownIsFalseForABackupToWhichTheSourceDoesNotSpeak() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket backup = connect(server.localAddress())) {
      Eventually.await("connected", () -> server.connections() == 1);
      long startNs = System.nanoTime();
      assertFalse(server.standDown(LONG));
      assertTrue(since(startNs).compareTo(LONG) < 0, "it waited for it");
      assertEquals(-1, backup.getInputStream().read());
    }
  }

  @Test
  void standDownIsFalseAtOnceIfTheServerIsClosedMeanwhile() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(server)) {
      long startNs = System.nanoTime();
      Background<Boolean> standDown = Background.start(() -> server.standDown(LONG));
      assertEquals('G', silent.getInputStream().read());
      server.close();
      assertFalse(standDown.get());
      assertTrue(since(startNs).compareTo(LONG) < 0, "it waited on");
    }
  }

  @Test
  void standDownIsFalseIfASecondOneGivesUpFirst() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(server)) {
      Background<Boolean> standDown = Background.start(() -> server.standDown(LONG));
      assertEquals('G', silent.getInputStream().read());
      assertFalse(server.standDown(SHORT));
      assertFalse(standDown.get());
    }
  }

  @Test
  void standDownAfterClosingIsFalseIfABackupWasConnected() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(server)) {
      server.close();
      assertFalse(server.standDown());
      assertEquals(-1, silent.getInputStream().read()); // nothing was said
    }
  }

  @Test
  void standDownAfterClosingIsTrueIfNoBackupWasConnected() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    server.close();
    assertTrue(server.standDown());
  }

  @Test
  void standDownAfterAnEarlierOneReturnsTheSame() throws Exception {
    KeepaliveServer heard = KeepaliveServer.open(ANY);
    Socket backup = connectAndAsk(heard);
    Background<Boolean> standDown = Background.start(() -> heard.standDown(LONG));
    assertEquals('G', backup.getInputStream().read());
    backup.close();
    assertTrue(standDown.get());
    assertTrue(heard.standDown());
    KeepaliveServer unheard = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(unheard)) {
      assertFalse(unheard.standDown(SHORT));
      assertFalse(unheard.standDown());
      assertHearsFarewell(silent);
    }
  }

  @Test
  void standDownWaitsOneSecondByDefault() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(server)) {
      long startNs = System.nanoTime();
      assertFalse(server.standDown());
      Duration took = since(startNs);
      assertTrue(took.compareTo(Duration.ofSeconds(1)) >= 0, took::toString);
      assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, took::toString);
      assertHearsFarewell(silent);
    }
  }

  @Test
  void anInterruptClosesTheServer() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket silent = connectAndAsk(server)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> server.standDown(LONG));
      assertHearsFarewell(silent);
      assertThrows(IOException.class, server::localAddress);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 86_400_001})
  void timesOutOfRangeAreRefused(long ms) throws Exception {
    try (KeepaliveServer server = KeepaliveServer.open(ANY)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> server.standDown(Duration.ofMillis(ms)))
              .getMessage();
      assertTrue(message.startsWith("timeout "), message);
      connectAndAsk(server).close(); // and nothing has happened
    }
  }
}
