package io.github.keepalive4j.guard;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing is the last word, whatever the guard is doing. */
@Timeout(60)
class GuardedCloseTest {
  private static final Duration AMPLE = Duration.ofMinutes(1);

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private Scene scene;

  /** What is closed. */
  enum Closed {
    LINK,
    WATCH,
    MONITOR
  }

  @BeforeEach
  void openScene() throws Exception {
    scene = new Scene();
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  private static KeepaliveMonitor guarded(TakeoverGuard guard) throws Exception {
    return KeepaliveMonitor.builder().guard(guard, AMPLE).open();
  }

  /** Waits inside a guard or a claim until the test goes on, whoever interrupts it. */
  private boolean waitThoughInterrupted() {
    inside.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // code that doesn't listen
      }
    }
    return true;
  }

  /** Fails a link, waits until its takeover is inside, and closes. */
  private Watch closeInside(KeepaliveMonitor monitor, Closed closed) throws Exception {
    KeepaliveSocket link = scene.connect();
    Watch watch = monitor.watch(link, scene, scene);
    scene.fail();
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    switch (closed) {
      case LINK -> link.close();
      case WATCH -> watch.close();
      case MONITOR -> monitor.close();
    }
    assertEquals(Watch.End.Kind.CANCELLED, endOf(watch).kind());
    return watch;
  }

  @ParameterizedTest
  @EnumSource
  void closingInterruptsTheGuard(Closed closed) throws Exception {
    CompletableFuture<Duration> remaining = new CompletableFuture<>();
    TakeoverGuard waiting =
        request -> {
          inside.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            remaining.complete(request.remaining());
          }
          return null;
        };
    try (KeepaliveMonitor monitor = guarded(waiting)) {
      closeInside(monitor, closed);
      assertTrue(remaining.get(10, TimeUnit.SECONDS).compareTo(Duration.ZERO) <= 0);
      scene.expectNothing();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noFenceBeginsAfterwards(Closed closed, @TempDir Path directory) throws Exception {
    Path fenced = directory.resolve("fenced");
    LosableClaim first = new LosableClaim(1);
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> {
              waitThoughInterrupted();
              Thread.interrupted(); // as a guard that swallows it
              return first;
            },
            FenceGuard.shell("touch " + fenced, AMPLE));
    try (KeepaliveMonitor monitor = guarded(all)) {
      closeInside(monitor, closed);
      release.countDown();
      assertTrue(first.awaitReleased());
      assertFalse(Files.exists(fenced));
      scene.expectNothing();
    }
  }

  /** A guard of the user's, which swallows the interrupt and goes on to its fence. */
  @ParameterizedTest
  @EnumSource
  void aGuardThatGoesOnStartsNoFence(Closed closed, @TempDir Path directory) throws Exception {
    Path fenced = directory.resolve("fenced");
    FenceGuard fence = FenceGuard.shell("touch " + fenced, AMPLE);
    CompletableFuture<Throwable> refusal = new CompletableFuture<>();
    TakeoverGuard deaf =
        request -> {
          waitThoughInterrupted();
          Thread.interrupted();
          try {
            return fence.claim(request);
          } catch (ClaimDeclinedException e) {
            refusal.complete(e);
            throw e;
          }
        };
    try (KeepaliveMonitor monitor = guarded(deaf)) {
      closeInside(monitor, closed);
      release.countDown();
      String reason = refusal.get(10, TimeUnit.SECONDS).getMessage();
      assertEquals("the fence `touch " + fenced + "` was called off", reason);
      assertFalse(Files.exists(fenced));
      scene.expectNothing();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noCallbackBeginsAfterwardsThoughTheClaimIsBeingChecked(Closed closed) throws Exception {
    LosableClaim claim = new LosableClaim(1, this::waitThoughInterrupted, () -> true);
    assertNotBegunOn(claim, closed);
  }

  @ParameterizedTest
  @EnumSource
  void noCallbackBeginsAfterwardsThoughTheClaimIsBeingAnnounced(Closed closed) throws Exception {
    LosableClaim claim = new LosableClaim(1, () -> true, this::waitThoughInterrupted);
    assertNotBegunOn(claim, closed);
  }

  private void assertNotBegunOn(LosableClaim claim, Closed closed) throws Exception {
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      closeInside(monitor, closed);
      release.countDown();
      assertTrue(claim.awaitReleased());
      scene.expectNothing();
    }
  }

  @Test
  void aGroupWhoseLinksAreClosedIsStillTheMonitorsToEnd() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    KeepaliveMonitor monitor =
        guarded(
            request -> {
              waitThoughInterrupted();
              return claim;
            });
    List<KeepaliveSocket> links = List.of(scene.connect(), scene.connect());
    Watch watch = monitor.watchAll(links, FailoverPolicy.all(), scene);
    scene.fail();
    Eventually.await("the monitor closes the first link", () -> !links.get(0).isOpen());
    scene.fail(); // now, for the one that counts last stays open
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    monitor.close();
    assertEquals(Watch.End.Kind.CANCELLED, endOf(watch).kind());
    release.countDown();
    assertTrue(claim.awaitReleased());
    scene.expectNothing();
  }

  /** The monitor closes a link that has failed; only its owner's word counts. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aGroupWhoseLinksAreClosedTakesNothingOver(int needed) throws Exception {
    LosableClaim claim = new LosableClaim(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    TakeoverGuard guard =
        request -> {
          inside.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return claim;
        };
    try (KeepaliveMonitor monitor = guarded(guard)) {
      List<KeepaliveSocket> links = List.of(scene.connect(), scene.connect());
      Watch watch = monitor.watchAll(links, FailoverPolicy.atLeast(needed), scene);
      for (int i = 0; i < needed; i++) {
        scene.fail();
      }
      assertTrue(inside.await(10, TimeUnit.SECONDS));
      links.get(0).close();
      assertFalse(watch.ended().toCompletableFuture().isDone());
      links.get(1).close();
      assertEquals(Watch.End.Kind.CANCELLED, endOf(watch).kind());
      assertTrue(interrupted.await(10, TimeUnit.SECONDS));
      assertTrue(claim.awaitReleased());
      scene.expectNothing();
    }
  }

  /** The monitor's own thread asks the guard, and closing waits for that thread. */
  @Test
  void closingDoesNotWaitForTheGuardsTimeOnTheMonitorsThread() throws Exception {
    KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .executor(Runnable::run)
            .guard(
                request -> {
                  inside.countDown();
                  new CountDownLatch(1).await();
                  return Claim.lasting("never");
                },
                AMPLE)
            .open();
    monitor.watch(scene.connect(), scene, scene);
    scene.fail();
    assertTrue(inside.await(10, TimeUnit.SECONDS));
    Background.start(
            () -> {
              monitor.close();
              return null;
            })
        .get();
    scene.expectNothing();
  }
}
