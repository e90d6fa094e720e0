package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Recorder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A monitor with its default executor. */
class FailoverTest extends MonitorTest {
  private final Recorder recorder = new Recorder();
  private KeepaliveMonitor monitor;

  @BeforeEach
  void openMonitor() throws Exception {
    monitor = KeepaliveMonitor.open();
  }

  @AfterEach
  void closeMonitor() {
    monitor.close();
  }

  @Test
  void aFinIsAFailoverAndClosesTheLink() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    assertEquals(1, monitor.size());
    pair.finish();
    awaitClosed(pair.link());
    assertEquals(List.of("failover CLOSED"), recorder.calls());
    Eventually.await("no link", () -> monitor.size() == 0);
  }

  @Test
  void aResetIsAFailover() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    pair.reset();
    Failure failure = recorder.await("failover RESET").failure();
    assertEquals("ECONNRESET", failure.errnoName().orElseThrow());
    assertSame(pair.link(), failure.link());
  }

  @Test
  void theCallbackComesBeforeTheListenersOnEnded() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder, recorder);
    recorder.await("up");
    pair.finish();
    awaitClosed(pair.link());
    assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), recorder.calls());
  }

  @Test
  void theLinkIsOpenDuringTheCallback() throws Exception {
    LinkPair pair = source.connect();
    BlockingQueue<Boolean> open = new LinkedBlockingQueue<>();
    monitor.watch(pair.link(), failover -> open.add(failover.failure().link().isOpen()));
    pair.finish();
    assertTrue(open.poll(10, TimeUnit.SECONDS));
    awaitClosed(pair.link());
  }

  @Test
  void manyLinksFailEachOnce() throws Exception {
    Recorder[] recorders = new Recorder[100];
    LinkPair[] pairs = new LinkPair[recorders.length];
    for (int i = 0; i < pairs.length; i++) {
      recorders[i] = new Recorder();
      pairs[i] = source.connect();
      monitor.watch(pairs[i].link(), recorders[i]);
    }
    for (LinkPair pair : pairs) {
      pair.reset();
    }
    Eventually.await("all failed", () -> monitor.size() == 0);
    monitor.close();
    for (int i = 0; i < pairs.length; i++) {
      awaitClosed(pairs[i].link());
      assertEquals(List.of("failover RESET"), recorders[i].calls());
    }
  }

  @Test
  void aFarewellIsNoFailover() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder, recorder);
    pair.send('G');
    pair.finish();
    awaitClosed(pair.link());
    assertEquals(List.of("up", "left"), recorder.calls());
    Eventually.await("no link", () -> monitor.size() == 0);
  }

  @Test
  void aFarewellClosesTheLinkWithoutAListenerToo() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    pair.send('G');
    awaitClosed(pair.link());
    assertEquals(List.of(), recorder.calls());
    pair.close();
  }

  @Test
  void aByteThatTheLinkDoesNotKnowIsNoFailover() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder, recorder);
    pair.send('\u00ff');
    awaitClosed(pair.link());
    assertEquals(List.of("up", "violation 255"), recorder.calls());
    pair.close();
  }

  @Test
  void aLinkThatHasFailedAlreadyIsReportedAtOnce() throws Exception {
    LinkPair pair = source.connect();
    pair.reset();
    monitor.watch(pair.link(), recorder, recorder);
    awaitClosed(pair.link());
    List<String> calls = new ArrayList<>(recorder.calls());
    calls.remove("up"); // the failover may be first
    assertEquals(List.of("failover RESET", "failed RESET"), calls);
  }

  @Test
  void aVerdictThatTheCallerKnowsIsReportedAgain() throws Exception {
    LinkPair pair = source.connect();
    pair.reset();
    Failure verdict = pair.link().awaitFailure(Duration.ofSeconds(10)).orElseThrow();
    monitor.watch(pair.link(), recorder);
    Failure again = recorder.await("failover RESET").failure();
    assertEquals(verdict.verdictNs(), again.verdictNs());
    assertTrue(again.callbackNs() > verdict.callbackNs());
  }

  @Test
  void aFarewellThatTheCallerKnowsIsNoFailoverEither() throws Exception {
    LinkPair pair = source.connect();
    pair.send('G');
    pair.finish();
    assertTrue(pair.link().awaitFailure(Duration.ofSeconds(10)).isPresent());
    monitor.watch(pair.link(), recorder, recorder);
    awaitClosed(pair.link());
    assertEquals(List.of("up", "left"), recorder.calls());
  }

  @Test
  void aWatchedLinkHasNoOtherObserver() throws Exception {
    try (LinkPair pair = source.connect();
        KeepaliveMonitor other = KeepaliveMonitor.open()) {
      KeepaliveSocket link = pair.link();
      monitor.watch(link, recorder);
      assertThrows(IllegalStateException.class, link::classify);
      assertThrows(IllegalStateException.class, () -> link.awaitFailure(Duration.ZERO));
      assertThrows(IllegalStateException.class, () -> monitor.watch(link, recorder));
      assertThrows(IllegalStateException.class, () -> other.watch(link, recorder));
      assertEquals(1, monitor.size());
      assertEquals(0, other.size());
      assertFalse(other.unwatch(link));
    }
  }

  @Test
  void whatIsNotConnectedIsNotWatched() throws Exception {
    KeepaliveSocket link = KeepaliveSocket.open(KeepaliveOptions.defaults());
    assertThrows(NotYetConnectedException.class, () -> monitor.watch(link, recorder));
    LinkPair pair = source.connect();
    pair.close();
    assertThrows(ClosedChannelException.class, () -> monitor.watch(pair.link(), recorder));
    assertEquals(0, monitor.size());
    link.close();
  }

  @Test
  void unwatchGivesTheLinkBack() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    assertTrue(monitor.unwatch(pair.link()));
    assertFalse(monitor.unwatch(pair.link()));
    assertEquals(0, monitor.size());
    pair.reset();
    Failure failure = pair.link().awaitFailure(Duration.ofSeconds(10)).orElseThrow();
    assertEquals(FailureCause.RESET, failure.cause());
    monitor.close();
    assertTrue(pair.link().isOpen());
    assertEquals(List.of(), recorder.calls());
    pair.close();
  }

  @Test
  void anUnwatchedLinkCanBeWatchedAgain() throws Exception {
    LinkPair pair = source.connect();
    for (int i = 0; i < 100; i++) {
      monitor.watch(pair.link(), recorder);
      assertTrue(monitor.unwatch(pair.link()));
    }
    monitor.watch(pair.link(), recorder);
    pair.finish();
    awaitClosed(pair.link());
    assertEquals(List.of("failover CLOSED"), recorder.calls());
  }

  @Test
  void aLinkMovesFromOneMonitorToAnother() throws Exception {
    try (KeepaliveMonitor other = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder);
      assertTrue(monitor.unwatch(pair.link()));
      other.watch(pair.link(), recorder);
      pair.finish();
      awaitClosed(pair.link());
      assertEquals(List.of("failover CLOSED"), recorder.calls());
    }
  }

  @Test
  void aClosedLinkTellsItsPeerAtOnce() throws Exception {
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    pair.link().close();
    pair.source().setSoTimeout(10_000);
    assertEquals(-1, pair.source().getInputStream().read());
    assertEquals(0, monitor.size());
    pair.close();
  }
}
