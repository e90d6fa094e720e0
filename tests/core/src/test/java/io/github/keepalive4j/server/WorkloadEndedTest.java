package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Recorder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A source whose workload has ended says so to the backups that know the word. */
class WorkloadEndedTest extends EachTransport {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** So long that no verdict comes from a probe. */
  private static final Duration BUDGET = Duration.ofSeconds(30);

  /** Connects a backup that is only a socket, and has its first query answered. */
  private static Socket connectAndSend(KeepaliveServer server, String octets) throws IOException {
    InetSocketAddress source = server.localAddress();
    Socket backup = new Socket(source.getAddress(), source.getPort());
    backup.setSoTimeout((int) LIMIT.toMillis());
    backup.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
    assertEquals('A', backup.getInputStream().read());
    return backup;
  }

  @Test
  void onlyBackupsThatKnowTheByteHearOfTheWorkloadsEnd() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket knowing = connectAndSend(server, "YQ");
        Socket earlier = connectAndSend(server, "Q")) {
      server.workloadEnded();
      assertEquals('E', knowing.getInputStream().read());
      server.close();
      assertEquals(-1, knowing.getInputStream().read());
      assertEquals(-1, earlier.getInputStream().read());
    }
  }

  @Test
  void theWorkloadsEndIsSentOnceAndNoFarewellFollows() throws Exception {
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (Socket backup = connectAndSend(server, "YQ")) {
      server.workloadEnded();
      server.workloadEnded();
      assertEquals('E', backup.getInputStream().read());
      backup.shutdownOutput();
      assertTrue(server.standDown(LIMIT));
      assertEquals(-1, backup.getInputStream().read());
    }
  }

  @Test
  void aDefaultLinkTakesTheWorkloadsEndForAClose() throws Exception {
    awaitFailure(KeepaliveOptions.defaults(), FailureCause.CLOSED);
  }

  /** Has the workload end and the source close at once, under a monitor of a backup. */
  static void awaitFailure(KeepaliveOptions options, FailureCause cause) throws Exception {
    Recorder recorder = new Recorder();
    KeepaliveServer server = KeepaliveServer.open(ANY);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(
          KeepaliveSocket.connect(server.localAddress(), options, LIMIT), recorder, recorder);
      recorder.await("up");
      Eventually.await("the source's end", () -> server.connections() == 1); // else it is reset
      server.workloadEnded();
      server.close();
      assertTrue(recorder.await("failover " + cause).failure().errno().isEmpty());
    }
  }

  @Test
  void awaitFailureReturnsTheWorkloadsEnd() throws Exception {
    try (FailingSource source = new FailingSource()) {
      LinkPair pair = source.connect();
      try (KeepaliveSocket link = pair.link();
          Socket end = pair.source()) {
        end.getOutputStream().write('E');
        assertEquals(FailureCause.WORKLOAD_ENDED, link.awaitFailure(BUDGET).orElseThrow().cause());
      }
    }
  }

  @Test
  void confirmWaitsForARestart() throws Exception {
    Recorder recorder = new Recorder();
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().confirm(LIMIT).open()) {
      monitor.watch(source.connectLink(), recorder, recorder);
      recorder.await("up");
      source.send('E');
      assertEquals(
          FailureCause.WORKLOAD_ENDED,
          recorder.await("confirmed WORKLOAD_ENDED").failure().cause());
    }
  }
}
