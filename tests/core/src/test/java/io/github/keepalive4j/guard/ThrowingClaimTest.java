package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guard or a claim whose own code fails: the watch ends, and says how. */
@Timeout(60)
class ThrowingClaimTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final FailoverCallback LISTENING_FOR_LOSS =
      failover -> failover.onClaimLost(loss -> {});

  private final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
  @TempDir private Path folder;
  private Scene scene;

  @BeforeEach
  void openScene() throws Exception {
    scene = new Scene();
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  private KeepaliveMonitor.Builder builder(TakeoverGuard guard) {
    return KeepaliveMonitor.builder()
        .guard(guard, AMPLE)
        .errorHandler((link, error) -> errors.add(error));
  }

  private Watch.End endOf(KeepaliveMonitor monitor, FailoverCallback callback) throws Exception {
    Watch watch = monitor.watch(scene.connect(), callback);
    scene.fail();
    return watch.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void expectError(String message) throws InterruptedException {
    assertEquals(message, errors.poll(10, TimeUnit.SECONDS).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mayBegin", "stands", "announce"})
  void aClaimThatFailsBeforeTheCallbackIsDeclinedAndReleased(String broken) throws Exception {
    ThrowingClaim claim = new ThrowingClaim(broken);
    TakeoverGuard guard = request -> claim;
    if (broken.equals("stands")) {
      guard = TakeoverGuard.allOf(request -> claim, request -> new LosableClaim(1));
    }
    try (KeepaliveMonitor monitor = builder(guard).open()) {
      Watch.End end = endOf(monitor, scene);
      assertEquals(Watch.End.Kind.DECLINED, end.kind());
      assertTrue(end.reason().orElseThrow().contains(broken + " is broken"), end::toString);
      expectError(broken + " is broken");
      assertTrue(claim.awaitGivenUp());
      scene.expectNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "description"})
  void aClaimThatCannotBeRecordedIsDeclinedAndReleased(String broken) throws Exception {
    ThrowingClaim claim = new ThrowingClaim(broken);
    try (Journal journal = Journal.open(folder.resolve("journal"));
        KeepaliveMonitor monitor = builder(request -> claim).journal(journal).open()) {
      assertEquals(Watch.End.Kind.DECLINED, endOf(monitor, scene).kind());
      expectError(broken + " is broken");
      assertTrue(claim.awaitGivenUp());
      scene.expectNothing();
    }
  }

  @Test
  void aClaimThatCannotBeGivenUpIsDeclinedAllTheSame() throws Exception {
    try (KeepaliveMonitor monitor = builder(request -> new ThrowingClaim("giveUp")).open()) {
      assertEquals(Watch.End.Kind.DECLINED, endOf(monitor, scene).kind());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"canBeLost", "description"})
  void aClaimThatFailsAfterTheCallbackLeavesTheTakeoverAsItIs(String broken) throws Exception {
    try (KeepaliveMonitor monitor = builder(request -> new ThrowingClaim(broken)).open()) {
      assertEquals(Watch.End.Kind.TAKEN_OVER, endOf(monitor, failover -> {}).kind());
      expectError(broken + " is broken");
    }
  }

  @Test
  void aGuardThatArmsToNullFailsTheWatch() throws Exception {
    TakeoverGuard broken =
        new TakeoverGuard() {
          @Override
          public Claim claim(ClaimRequest request) {
            return new LosableClaim(1);
          }

          @Override
          public TakeoverGuard arm() {
            return null;
          }
        };
    try (KeepaliveMonitor monitor = builder(broken).open();
        KeepaliveSocket link = scene.connect()) {
      assertThrows(NullPointerException.class, () -> monitor.watch(link, LISTENING_FOR_LOSS));
      assertTrue(link.isOpen());
      assertEquals(0, monitor.size());
    }
  }

  @Test
  void aSlowListenerOfOneMonitorKeepsNoOtherFromItsTimeout() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    TakeoverGuard hanging =
        request -> {
          awaitIgnoringInterrupts(answer);
          return new LosableClaim(1);
        };
    LinkListener slow =
        new LinkListener() {
          @Override
          public void onEnded(Watch.End end) {
            told.countDown();
            awaitIgnoringInterrupts(release);
          }
        };
    try (KeepaliveMonitor inline =
            KeepaliveMonitor.builder()
                .guard(hanging, Duration.ofMillis(50))
                .executor(Runnable::run)
                .open();
        KeepaliveMonitor other =
            KeepaliveMonitor.builder().guard(hanging, Duration.ofMillis(50)).open()) {
      inline.watch(scene.connect(), scene, slow);
      scene.fail();
      assertTrue(told.await(10, TimeUnit.SECONDS));
      assertEquals(Watch.End.Kind.DECLINED, endOf(other, scene).kind());
      assertFalse(release.getCount() == 0);
      release.countDown();
      answer.countDown();
    }
  }

  private static void awaitIgnoringInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // as code that doesn't know of interrupts
      }
    }
  }
}
