package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.fast.SegmentLoss;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A silent cut ends a connection within its budget in both states; one lost segment doesn't. */
@InLab
class TrafficCutsTest {
  private static final Duration BUDGET = Duration.ofSeconds(4);
  private static final KeepaliveOptions OPTIONS = KeepaliveOptions.forTraffic(BUDGET);

  /** What the kernel's timers are late by is in the prediction already. */
  private static final Duration LIMIT = BUDGET.plus(BUDGET.dividedBy(10));

  /** More than the socket buffers of both sides. */
  private static final int TOO_MUCH = 32 << 20;

  private Lab lab;
  private Socket client;
  private Socket server;

  private void connect(Function<Host, InetAddress> address) throws Exception {
    connectUntouched(address);
    OPTIONS.applyTo(client);
  }

  private void connectUntouched(Function<Host, InetAddress> address) throws Exception {
    lab = Lab.open();
    InetAddress target = address.apply(lab.source());
    ServerSocket listener = lab.source().call(() -> new ServerSocket(0, 50, target));
    client = lab.backup().call(() -> new Socket(target, listener.getLocalPort()));
    server = listener.accept();
    listener.close();
  }

  /** Without keepalive nothing is heard of an idle peer. */
  private void connectAndFallSilent() throws Exception {
    connectUntouched(Host::ipv4);
    Duration timeout = OPTIONS.userTimeout().orElseThrow();
    Eventually.await("silence", () -> TcpInfo.of(client).silence().compareTo(timeout) > 0);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    lab.close();
  }

  private static void assertEnded(Background<?> blocked, long sinceNs, Duration atLeast)
      throws Exception {
    IOException thrown =
        assertThrows(IOException.class, () -> blocked.get(LIMIT.plus(Eventually.DEADLINE)));
    Duration took = Duration.ofNanos(System.nanoTime() - sinceNs);
    assertTrue(thrown.getMessage().contains("timed out"), thrown::toString);
    assertTrue(took.compareTo(LIMIT) <= 0, () -> took + " is more than " + LIMIT);
    assertTrue(took.compareTo(atLeast) >= 0, () -> took + " is less than " + atLeast);
  }

  private Background<Integer> read() {
    return Background.start(() -> client.getInputStream().read());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReaderOfAnIdleConnectionGetsItsExceptionWithinTheBudget(boolean ipv6) throws Exception {
    connect(ipv6 ? Host::ipv6 : Host::ipv4);
    Background<Integer> reader = read();
    try (Fault cut = lab.source().drop()) {
      assertEnded(reader, cut.effectiveNs(), Duration.ofMillis(1_500));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReaderWithDataInFlightGetsItsExceptionWithinTheBudget(boolean ipv6) throws Exception {
    connect(ipv6 ? Host::ipv6 : Host::ipv4);
    Duration rto = TcpInfo.of(client).rto();
    try (Fault cut = lab.source().drop()) {
      Background<Integer> reader = read();
      long sentNs = System.nanoTime();
      client.getOutputStream().write('q');
      assertEnded(reader, sentNs, OPTIONS.userTimeout().orElseThrow());
      Duration predicted = OPTIONS.worstCaseWithDataInFlight(rto).orElseThrow();
      assertTrue(predicted.compareTo(BUDGET) <= 0, predicted::toString);
      assertTrue(cut.effectiveNs() < sentNs);
    }
  }

  @Test
  void aWriterGetsItsExceptionWithinTheBudget() throws Exception {
    connect(Host::ipv4);
    try (Fault cut = lab.source().drop()) {
      long sentNs = System.nanoTime();
      Background<Integer> writer =
          Background.start(
              () -> {
                client.getOutputStream().write(new byte[TOO_MUCH]);
                return 0;
              });
      assertEnded(writer, sentNs, OPTIONS.userTimeout().orElseThrow());
      assertTrue(cut.effectiveNs() < sentNs);
    }
  }

  /** Keepalive is suspended from then on, and the time begins anew. */
  @Test
  void aWriteToASilentPeerFailsWithinABudgetOfTheWrite() throws Exception {
    connect(Host::ipv4);
    try (Fault cut = lab.source().drop()) {
      Eventually.await("an unanswered probe", () -> TcpInfo.of(client).probes() > 0);
      Background<Integer> reader = read();
      long sentNs = System.nanoTime();
      client.getOutputStream().write('q');
      assertEnded(reader, sentNs, OPTIONS.userTimeout().orElseThrow());
      assertTrue(cut.effectiveNs() < sentNs);
    }
  }

  @Test
  void aLostProbeIsSurvived() throws Exception {
    connect(Host::ipv4);
    SegmentLoss loss = SegmentLoss.of(lab.source(), "tcp dport " + client.getPort());
    loss.loseNext();
    Eventually.await("an unanswered probe", () -> TcpInfo.of(client).probes() == 1);
    Eventually.await("an answer", () -> TcpInfo.of(client).probes() == 0);
    assertEquals(1, loss.lost());
    assertAlive();
  }

  @Test
  void aPeerThatWasNotHeardForLongIsProbedAtOnce() throws Exception {
    connectAndFallSilent();
    OPTIONS.applyTo(client);
    Duration idle = OPTIONS.idle();
    Eventually.await("an answer", idle, () -> TcpInfo.of(client).silence().compareTo(idle) < 0);
    assertAlive();
  }

  @Test
  void ofAPeerThatWasNotHeardForLongTheFirstProbeHasToBeAnswered() throws Exception {
    connectAndFallSilent();
    SegmentLoss loss = SegmentLoss.of(lab.source(), "tcp dport " + client.getPort());
    loss.loseNext();
    long appliedNs = System.nanoTime();
    OPTIONS.applyTo(client);
    assertEnded(read(), appliedNs, OPTIONS.interval().dividedBy(2));
    assertEquals(1, loss.lost());
  }

  @Test
  void aLostAnswerToAProbeIsSurvived() throws Exception {
    connect(Host::ipv4);
    SegmentLoss loss = SegmentLoss.of(lab.backup(), "tcp sport " + client.getPort());
    loss.loseNext();
    Eventually.await("an unanswered probe", () -> TcpInfo.of(client).probes() == 1);
    Eventually.await("an answer", () -> TcpInfo.of(client).probes() == 0);
    assertEquals(1, loss.lost());
    assertAlive();
  }

  @Test
  void aLostSegmentWithDataIsSurvived() throws Exception {
    connect(Host::ipv4);
    SegmentLoss loss = SegmentLoss.of(lab.source(), "tcp dport " + client.getPort());
    loss.loseNext();
    assertAlive();
    assertEquals(1, loss.lost());
    Eventually.await("the acknowledgement", () -> TcpInfo.of(client).unacked() == 0);
  }

  private void assertAlive() throws Exception {
    client.getOutputStream().write('q');
    server.setSoTimeout((int) Eventually.DEADLINE.toMillis());
    assertEquals('q', server.getInputStream().read());
    server.getOutputStream().write('a');
    client.setSoTimeout((int) Eventually.DEADLINE.toMillis());
    assertEquals('a', client.getInputStream().read());
  }
}
