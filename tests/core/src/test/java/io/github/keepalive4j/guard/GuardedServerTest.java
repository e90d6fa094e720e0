package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.UnusedAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A guard before a source that wants to serve. */
@Timeout(60)
class GuardedServerTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final LosableClaim claim = new LosableClaim(3);

  @Test
  void aSourceServesOnItsClaimAndReleasesItWhenClosed() throws Exception {
    BlockingQueue<ClaimRequest> asked = new LinkedBlockingQueue<>();
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(
                request -> {
                  asked.add(request);
                  return claim;
                },
                AMPLE);
    try (KeepaliveServer server = builder.open(ANY_PORT)) {
      assertFalse(asked.remove().isTakeover());
      assertEquals(3, server.claim().orElseThrow().token().orElseThrow());
      KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults()).close();
      assertFalse(claim.isReleased());
    }
    assertTrue(claim.isReleased());
  }

  @Test
  void aDeclinedSourceDoesNotListen() throws Exception {
    int port = UnusedAddress.find().getPort();
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(
                request -> {
                  throw new ClaimDeclinedException("backup-2 holds it");
                },
                AMPLE);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    IOException declined =
        assertThrows(ClaimDeclinedException.class, () -> builder.open(address).close());
    assertEquals("backup-2 holds it", declined.getMessage());
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void theTimeoutDeclines() {
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(
                request -> {
                  new CountDownLatch(1).await();
                  return null;
                },
                Duration.ofMillis(30));
    IOException declined =
        assertThrows(ClaimDeclinedException.class, () -> builder.open(ANY_PORT).close());
    assertEquals("the guard gave no answer within 30 ms", declined.getMessage());
  }

  @Test
  void anInterruptEndsTheWaitAndReleasesALateClaim() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(
                request -> {
                  asked.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  return claim;
                },
                AMPLE);
    Background<?> opening =
        Background.start(
            () -> {
              try {
                builder.open(ANY_PORT).close();
              } finally {
                assertTrue(Thread.interrupted());
              }
              return null;
            });
    assertTrue(asked.await(10, TimeUnit.SECONDS));
    opening.interrupt();
    assertThrows(InterruptedIOException.class, opening::get);
    assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    assertTrue(claim.awaitReleased());
  }

  /** A backup that connected before would lose its link if the claim can't be begun on. */
  @Test
  void nobodyConnectsBeforeTheClaimHasBegun() throws Exception {
    InetSocketAddress address = UnusedAddress.find();
    BlockingQueue<Boolean> listening = new LinkedBlockingQueue<>();
    LosableClaim refused =
        new LosableClaim(1, () -> true, () -> !listening.add(isListening(address)));
    KeepaliveServer.Builder builder = KeepaliveServer.builder().guard(request -> refused, AMPLE);
    assertThrows(ClaimDeclinedException.class, () -> builder.open(address).close());
    assertFalse(listening.remove());
    assertTrue(refused.isReleased());
  }

  private static boolean isListening(InetSocketAddress address) {
    try {
      KeepaliveSocket.connect(address, KeepaliveOptions.defaults()).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aSourceThatCannotListenReleasesItsClaim() throws Exception {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      KeepaliveServer.Builder builder = KeepaliveServer.builder().guard(request -> claim, AMPLE);
      InetSocketAddress address = (InetSocketAddress) occupied.getLocalSocketAddress();
      IOException refused = assertThrows(IOException.class, () -> builder.open(address).close());
      assertTrue(refused instanceof KeepaliveException || refused instanceof BindException);
      assertTrue(claim.isReleased());
    }
  }

  @Test
  void aClaimLostBeforeServingDeclines() {
    claim.lose("outbid");
    KeepaliveServer.Builder builder = KeepaliveServer.builder().guard(request -> claim, AMPLE);
    IOException declined =
        assertThrows(ClaimDeclinedException.class, () -> builder.open(ANY_PORT).close());
    assertEquals("the claim was lost before it was used: outbid", declined.getMessage());
  }

  /** The application has to stop first, and a backup that sees the link's end takes over. */
  @Test
  void theSourceListensUntilTheApplicationHasHeardOfTheLoss() throws Exception {
    InetSocketAddress address = UnusedAddress.find();
    BlockingQueue<Boolean> listening = new LinkedBlockingQueue<>();
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(request -> claim, AMPLE)
            .listener(
                new ServerListener() {
                  @Override
                  public void onClaimLost(ClaimLoss loss) {
                    listening.add(isListening(address));
                  }
                });
    try (KeepaliveServer server = builder.open(address)) {
      claim.lose("outbid");
      assertTrue(listening.remove());
      assertThrows(IOException.class, server::localAddress);
      assertFalse(isListening(address));
    }
  }

  /** How a server ends. */
  private enum End {
    CLOSE {
      @Override
      void inflict(KeepaliveServer server, LosableClaim claim) {
        server.close();
      }
    },
    STAND_DOWN {
      @Override
      void inflict(KeepaliveServer server, LosableClaim claim) throws InterruptedException {
        assertTrue(server.standDown());
      }
    },
    LOSS {
      @Override
      void inflict(KeepaliveServer server, LosableClaim claim) {
        claim.lose("outbid");
      }
    };

    abstract void inflict(KeepaliveServer server, LosableClaim claim) throws InterruptedException;
  }

  @ParameterizedTest
  @EnumSource
  void theClaimIsGivenUpOnceNothingListensAnyMore(End end) throws Exception {
    InetSocketAddress address = UnusedAddress.find();
    BlockingQueue<Boolean> listening = new LinkedBlockingQueue<>();
    LosableClaim watched =
        new LosableClaim(1) {
          @Override
          protected void giveUp() {
            listening.add(isListening(address));
          }
        };
    try (KeepaliveServer server =
        KeepaliveServer.builder().guard(request -> watched, AMPLE).open(address)) {
      end.inflict(server, watched);
      assertFalse(listening.remove());
    }
  }

  @Test
  void aClaimLostWhileServingTellsTheApplicationAndClosesTheServer() throws Exception {
    BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    KeepaliveServer.Builder builder =
        KeepaliveServer.builder()
            .guard(request -> claim, AMPLE)
            .listener(
                new ServerListener() {
                  @Override
                  public void onClaimLost(ClaimLoss loss) {
                    lost.add(loss.reason());
                  }
                });
    try (KeepaliveServer server = builder.open(ANY_PORT);
        KeepaliveSocket link =
            KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults())) {
      claim.lose("outbid");
      assertEquals("outbid", lost.remove());
      assertTrue(link.awaitFailure(Duration.ofSeconds(10)).isPresent());
    }
  }
}
