package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller with a thread of its own, or with an io-handler list of its own. */
class AwaitFailureTest extends EachTransport {
  private static final Duration LONG = Duration.ofSeconds(60);

  private int descriptors;
  private FailingSource source;
  private LinkPair pair;
  private KeepaliveSocket link;

  @BeforeEach
  void connect() throws Exception {
    descriptors = Descriptors.count();
    source = new FailingSource();
    pair = source.connect();
    link = pair.link();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    pair.close();
    source.close();
    Descriptors.assertBackTo(descriptors);
  }

  @Test
  void aFinIsReported() throws Exception {
    pair.finish();
    Failure failure = link.awaitFailure(LONG).orElseThrow();
    assertEquals(FailureCause.CLOSED, failure.cause());
    assertEquals(OptionalInt.empty(), failure.errno());
    assertEquals(Optional.empty(), failure.errnoName());
  }

  @Test
  void aResetIsReported() throws Exception {
    pair.reset();
    Failure failure = link.awaitFailure(LONG).orElseThrow();
    assertEquals(FailureCause.RESET, failure.cause());
    assertEquals(Optional.of("ECONNRESET"), failure.errnoName());
    assertTrue(failure.toString().contains("RESET ECONNRESET"), failure.toString());
  }

  @Test
  void aFailureCarriesItsEvidence() throws Exception {
    long beforeNs = System.nanoTime();
    pair.finish();
    Failure failure = link.awaitFailure(LONG).orElseThrow();
    assertSame(link, failure.link());
    assertEquals(source.address(), failure.peer());
    assertTrue(beforeNs < failure.verdictNs());
    assertTrue(failure.verdictNs() <= failure.callbackNs());
    assertTrue(failure.callbackNs() <= System.nanoTime());
    assertEquals(isNative(), failure.tcpInfo().isPresent());
    assertEquals(isNative(), failure.lastHeardNs().isPresent());
  }

  @Test
  void aFarewellIsNoFailure() throws Exception {
    pair.send('G');
    Failure farewell = link.awaitFailure(LONG).orElseThrow();
    assertEquals(FailureCause.LEFT, farewell.cause());
  }

  @Test
  void aFarewellIsHeardBeforeTheEndThatFollowsIt() throws Exception {
    pair.send('G');
    pair.finish();
    assertEquals(FailureCause.LEFT, link.awaitFailure(LONG).orElseThrow().cause());
  }

  @Test
  void aFailureBeforeTheWaitIsReported() throws Exception {
    pair.reset();
    Eventually.await("the reset is there", () -> link.classify().isPresent());
    assertEquals(FailureCause.RESET, link.awaitFailure(Duration.ZERO).orElseThrow().cause());
  }

  @Test
  void theVerdictIsKeptAndGivenAgain() throws Exception {
    pair.reset();
    Failure verdict = link.awaitFailure(LONG).orElseThrow();
    assertSame(verdict, link.classify().orElseThrow());
    assertSame(verdict, link.awaitFailure(LONG).orElseThrow());
    assertTrue(link.isOpen());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 150})
  void aWaitEndsWhenItsTimeRunsOut(long timeoutMs) throws Exception {
    long startNs = System.nanoTime();
    assertEquals(Optional.empty(), link.awaitFailure(Duration.ofMillis(timeoutMs)));
    long tookMs = Duration.ofNanos(System.nanoTime() - startNs).toMillis();
    assertTrue(tookMs >= timeoutMs && tookMs < timeoutMs + 2_000, () -> tookMs + " ms");
  }

  @Test
  void aNegativeTimeoutIsRefused() {
    Duration timeout = Duration.ofMillis(-1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> link.awaitFailure(timeout)).getMessage();
    assertEquals("timeout PT-0.001S is negative", message);
  }

  @ParameterizedTest
  @ValueSource(longs = {1L + Integer.MAX_VALUE, Long.MAX_VALUE})
  void aWaitMayBeLongerThanTheKernelsLongest(long timeoutS) throws Exception {
    Background<Optional<Failure>> waiting =
        Background.start(() -> link.awaitFailure(Duration.ofSeconds(timeoutS)))
            .awaitInside("await");
    pair.finish();
    assertEquals(FailureCause.CLOSED, waiting.get().orElseThrow().cause());
  }

  @Test
  void aWaitMayHaveNoLimit() throws Exception {
    Background<Failure> waiting = Background.start(() -> link.awaitFailure()).awaitInside("await");
    pair.finish();
    assertEquals(FailureCause.CLOSED, waiting.get().cause());
  }

  @Test
  void classifyOfAHealthyLinkIsEmpty() throws Exception {
    assertEquals(Optional.empty(), link.classify());
  }

  @Test
  void aByteThatTheLinkDoesNotKnowClosesIt() throws Exception {
    pair.send('x');
    KeepaliveException thrown =
        assertThrows(KeepaliveException.class, () -> link.awaitFailure(LONG));
    assertEquals("EPROTO", thrown.errnoName());
    assertTrue(thrown.getMessage().contains("0x78"), thrown.getMessage());
    assertFalse(link.isOpen());
    assertThrows(ClosedChannelException.class, link::classify);
  }

  @Test
  void closingEndsTheWait() throws Exception {
    Background<?> waiting = waiting();
    link.close();
    assertThrows(AsynchronousCloseException.class, waiting::get);
  }

  @Test
  void anInterruptEndsTheWaitAndLeavesTheLinkOpen() throws Exception {
    Background<Boolean> waiting =
        Background.start(
                () -> {
                  assertThrows(InterruptedException.class, () -> link.awaitFailure());
                  return Thread.currentThread().isInterrupted();
                })
            .awaitInside("await");
    waiting.interrupt();
    assertFalse(waiting.get(), "the status is cleared");
    assertTrue(link.isOpen());
    assertEquals(Optional.empty(), link.awaitFailure(Duration.ofMillis(50)));
    pair.finish();
    assertEquals(FailureCause.CLOSED, link.awaitFailure().cause());
  }

  @Test
  void anInterruptBeforeTheWaitLeavesTheLinkOpenToo() throws Exception {
    Background<?> interrupted =
        Background.start(
            () -> {
              Thread.currentThread().interrupt();
              return link.awaitFailure(LONG);
            });
    assertThrows(InterruptedException.class, interrupted::get);
    assertTrue(link.isOpen());
  }

  @Test
  void aMonitorWatchesALinkWhoseWaitWasInterrupted() throws Exception {
    Background<?> waiting = waiting();
    waiting.interrupt();
    assertThrows(InterruptedException.class, waiting::get);
    CountDownLatch failed = new CountDownLatch(1);
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(link, failover -> failed.countDown());
      pair.reset();
      assertTrue(failed.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void theWaiterIsTheOnlyObserver() throws Exception {
    Background<Optional<Failure>> waiting = waiting();
    assertThrows(IllegalStateException.class, link::classify);
    assertThrows(IllegalStateException.class, () -> link.awaitFailure(LONG));
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      assertThrows(IllegalStateException.class, () -> monitor.watch(link, failure -> {}));
    }
    pair.finish();
    assertEquals(FailureCause.CLOSED, waiting.get().orElseThrow().cause());
  }

  private Background<Optional<Failure>> waiting() throws Exception {
    return Background.start(() -> link.awaitFailure(LONG)).awaitInside("await");
  }

  @Test
  void aClosedLinkHasNothingToTell() throws Exception {
    link.close();
    link.close();
    assertThrows(ClosedChannelException.class, link::classify);
    assertThrows(ClosedChannelException.class, () -> link.awaitFailure(LONG));
    assertThrows(ClosedChannelException.class, link::effectiveOptions);
    assertThrows(ClosedChannelException.class, link::localAddress);
    assertTrue(link.toString().contains("closed"), link.toString());
  }

  @Test
  void closingTellsThePeer() throws Exception {
    link.close();
    pair.source().setSoTimeout(10_000);
    assertEquals(-1, pair.source().getInputStream().read());
  }

  @Test
  void closingWhileWaitedOnTellsThePeer() throws Exception {
    Background<?> waiting = waiting();
    link.close();
    pair.source().setSoTimeout(10_000);
    assertEquals(-1, pair.source().getInputStream().read());
    assertInstanceOf(AsynchronousCloseException.class, assertThrows(Exception.class, waiting::get));
  }
}
