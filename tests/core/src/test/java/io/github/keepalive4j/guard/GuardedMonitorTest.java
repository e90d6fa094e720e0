package io.github.keepalive4j.guard;

import static io.github.keepalive4j.support.Waiting.awaitThoughInterrupted;
import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A guard between verdict and callback. */
@Timeout(60)
class GuardedMonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private Scene scene;

  @BeforeEach
  void openScene() throws Exception {
    scene = new Scene();
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  private static KeepaliveMonitor guarded(TakeoverGuard guard) throws Exception {
    return guarded(guard, AMPLE);
  }

  private static KeepaliveMonitor guarded(TakeoverGuard guard, Duration timeout) throws Exception {
    return KeepaliveMonitor.builder().guard(guard, timeout).open();
  }

  @Test
  void withoutAGuardThereIsNoClaim() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("callback");
      scene.expect("ended");
      assertTrue(scene.failover().claim().isEmpty());
    }
  }

  @Test
  void theCallbackGetsTheClaim() throws Exception {
    LosableClaim claim = new LosableClaim(7);
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("callback");
      scene.expect("ended");
      assertEquals(7, scene.failover().claim().orElseThrow().token().orElseThrow());
      assertFalse(claim.isReleased());
      scene.failover().claim().orElseThrow().release();
      assertTrue(claim.isReleased());
    }
  }

  @Test
  void theGuardIsAskedWithTheFailure() throws Exception {
    BlockingQueue<ClaimRequest> asked = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              asked.add(request);
              return new LosableClaim(1);
            })) {
      monitor.watch(scene.connect(), scene);
      scene.fail();
      ClaimRequest request = asked.poll(10, TimeUnit.SECONDS);
      assertTrue(request.isTakeover());
      assertEquals(FailureCause.CLOSED, request.failure().orElseThrow().cause());
      assertTrue(request.remaining().compareTo(AMPLE) <= 0);
      scene.expect("callback");
    }
  }

  @Test
  void theTimeOfTheCallbackIsAfterTheGuardsAnswer() throws Exception {
    BlockingQueue<Long> sinceGrantedNs = new LinkedBlockingQueue<>();
    AtomicLong grantedNs = new AtomicLong();
    TakeoverGuard guard =
        request -> {
          grantedNs.set(System.nanoTime());
          return new LosableClaim(1);
        };
    try (KeepaliveMonitor monitor = guarded(guard)) {
      monitor.watchAll(
          pair(),
          FailoverPolicy.all(),
          failover -> {
            for (Failure failure : failover.failures()) {
              sinceGrantedNs.add(failure.callbackNs() - grantedNs.get());
            }
          });
      scene.fail();
      scene.fail();
      assertTrue(sinceGrantedNs.poll(10, TimeUnit.SECONDS) >= 0);
      assertTrue(sinceGrantedNs.poll(10, TimeUnit.SECONDS) >= 0);
    }
  }

  @Test
  void theGuardIsAskedOnTheCallbacksExecutor() throws Exception {
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  scene.add("guard on " + Thread.currentThread().getName());
                  return new LosableClaim(1);
                },
                AMPLE)
            .executor(task -> new Thread(task, "the executor's").start())
            .open()) {
      monitor.watch(
          scene.connect(), failure -> scene.add("callback on " + Thread.currentThread().getName()));
      scene.fail();
      scene.expect("guard on the executor's");
      scene.expect("callback on the executor's");
    }
  }

  @Test
  void aDeclineIsHeardInsteadOfTheCallback() throws Exception {
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              throw new ClaimDeclinedException("not today");
            })) {
      KeepaliveSocket link = scene.connect();
      monitor.watch(link, scene, scene);
      scene.fail();
      scene.expect("declined: not today");
      scene.expect("ended");
      awaitClosed(monitor);
      scene.expectNothing();
    }
  }

  @Test
  void aGuardThatThrowsDeclinesAndIsReported() throws Exception {
    BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  throw new IllegalStateException("broken");
                },
                AMPLE)
            .errorHandler((link, error) -> reported.add(error))
            .open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the guard failed: java.lang.IllegalStateException: broken");
      assertEquals("broken", reported.poll(10, TimeUnit.SECONDS).getMessage());
    }
  }

  @Test
  void aGuardThatGivesNullDeclines() throws Exception {
    try (KeepaliveMonitor monitor = guarded(request -> null)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the guard gave no claim");
    }
  }

  @Test
  void theTimeoutDeclinesAndALateClaimIsReleased() throws Exception {
    LosableClaim late = new LosableClaim(1);
    CountDownLatch declined = new CountDownLatch(1);
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              awaitThoughInterrupted(declined);
              return late;
            },
            Duration.ofMillis(50))) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the guard gave no answer within 50 ms");
      scene.expect("ended");
      assertFalse(late.isReleased());
      declined.countDown();
      assertTrue(late.awaitReleased());
      scene.expectNothing();
    }
  }

  @Test
  void theTimeoutInterruptsTheGuardAlone() throws Exception {
    BlockingQueue<Boolean> interruptedLater = new LinkedBlockingQueue<>();
    BlockingQueue<String> guarding = new LinkedBlockingQueue<>();
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    guarding.add("interrupted");
                    Thread.currentThread().interrupt(); // as a guard that only passes it on
                  }
                  return null;
                },
                Duration.ofMillis(20))
            .executor(
                task ->
                    new Thread(
                            () -> {
                              task.run();
                              interruptedLater.add(Thread.interrupted());
                            })
                        .start())
            .open()) {
      monitor.watch(scene.connect(), scene);
      scene.fail();
      assertEquals("interrupted", guarding.poll(10, TimeUnit.SECONDS));
      assertEquals(false, interruptedLater.poll(10, TimeUnit.SECONDS));
      assertEquals(false, interruptedLater.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClaimLostBeforeTheCallbackBeginsDeclines() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    claim.lose("gone");
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the claim was lost before it was used: gone");
      scene.expect("ended");
    }
  }

  @Test
  void aClaimLostWhileTheBeginningIsPutOnRecordDeclines() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    LastMomentClaim atTheLastMoment = new LastMomentClaim(claim);
    try (KeepaliveMonitor monitor = guarded(request -> atTheLastMoment)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the claim was lost before it was used: outbid");
      scene.expect("ended");
      scene.expectNothing();
    }
  }

  @Test
  void aClaimInDoubtWhenTheCallbackIsToBeginDeclinesAndIsReleased() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    Claim doubtful = new DoubtfulClaim(claim);
    try (KeepaliveMonitor monitor = guarded(request -> doubtful)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the claim was in doubt when it was to be used");
      assertTrue(claim.awaitReleased());
    }
  }

  @Test
  void aClaimIsAnnouncedBeforeTheCallbackBegins() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(
          scene.connect(), failure -> scene.add("callback, announced: " + claim.isAnnounced()));
      scene.fail();
      scene.expect("callback, announced: true");
    }
  }

  @Test
  void aClaimLostLaterCallsTheHolderBackOnce() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("callback");
      scene.expect("ended");
      claim.lose("outbid");
      scene.expect("lost: outbid");
      scene.expectNothing();
    }
  }

  @Test
  void theHolderIsCalledBackWhileItsCallbackRuns() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    CountDownLatch stopped = new CountDownLatch(1);
    FailoverCallback callback =
        failover -> {
          failover.onClaimLost(
              loss -> {
                scene.add("lost with token " + tokenOf(failover) + ": " + loss.reason());
                stopped.countDown();
              });
          scene.add("begun");
          stopped.await();
          scene.add("stopped");
        };
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(scene.connect(), callback);
      scene.fail();
      scene.expect("begun");
      claim.lose("outbid");
      scene.expect("lost with token 1: outbid");
      scene.expect("stopped");
    }
  }

  @Test
  void allListenersOfALossAreCalledWhateverOneOfThemThrows() throws Exception {
    BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(request -> claim, AMPLE)
            .errorHandler((link, error) -> reported.add(error))
            .open()) {
      monitor.watch(
          scene.connect(),
          failover -> {
            failover.onClaimLost(
                loss -> {
                  throw new IllegalStateException("broken");
                });
            failover.claim().orElseThrow().addLossListener(loss -> scene.add("second"));
            scene.add("callback");
          });
      scene.fail();
      scene.expect("callback");
      claim.lose("outbid");
      scene.expect("second");
      assertEquals("broken", reported.remove().getMessage());
    }
  }

  @Test
  void aListenerAddedAfterTheLossIsCalledAtOnce() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor = guarded(request -> claim)) {
      monitor.watch(
          scene.connect(),
          failover -> {
            claim.lose("outbid");
            failover.onClaimLost(loss -> scene.add("lost: " + loss.reason()));
            scene.add("callback");
          });
      scene.fail();
      scene.expect("lost: outbid");
      scene.expect("callback");
    }
  }

  @Test
  void aCallbackThatListensForNoLossIsWarnedOf() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor = guarded(request -> new LosableClaim(1))) {
      Watch watch = monitor.watch(scene.connect(), failover -> scene.add("callback"));
      scene.fail();
      endOf(watch);
      Eventually.await("a warning", () -> log.messages().size() == 1);
      assertTrue(log.messages().get(0).contains("Failover.onClaimLost"), log.messages()::toString);
    }
  }

  @Test
  void aCallbackOnAClaimThatLastsIsNotWarnedOf() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor = guarded(request -> Claim.lasting("fenced"))) {
      Watch watch = monitor.watch(scene.connect(), failover -> scene.add("callback"));
      scene.fail();
      endOf(watch);
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void aLinkClosedWhileTheGuardIsAskedIsNotTakenOver() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              asked.countDown();
              awaitThoughInterrupted(closed);
              return claim;
            })) {
      KeepaliveSocket link = scene.connect();
      monitor.watch(link, scene, scene);
      scene.fail();
      asked.await();
      link.close();
      closed.countDown();
      assertTrue(claim.awaitReleased());
      scene.expectNothing();
    }
  }

  @Test
  void aGuardThatBlocksHoldsUpNoOtherLink() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              if (asked.getAndIncrement() == 0) {
                release.await();
              }
              return new LosableClaim(asked.get());
            })) {
      monitor.watch(scene.connect(), failure -> scene.add("first"));
      monitor.watch(scene.connect(), failure -> scene.add("second"));
      scene.fail();
      while (asked.get() == 0) {
        Thread.onSpinWait();
      }
      scene.fail();
      scene.expect("second");
      release.countDown();
      scene.expect("first");
    }
  }

  @Test
  void aGroupIsGuardedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              asked.incrementAndGet();
              return new LosableClaim(request.failures().size());
            })) {
      monitor.watchAll(
          List.of(scene.connect(), scene.connect(), scene.connect()),
          FailoverPolicy.atLeast(2),
          failover ->
              scene.add(
                  "callback with " + failover.failures().size() + ", token " + tokenOf(failover)));
      scene.fail();
      scene.fail();
      scene.expect("callback with 2, token 2");
      scene.fail();
      awaitClosed(monitor);
      assertEquals(1, asked.get());
      scene.expectNothing();
    }
  }

  @Test
  void aGroupWhoseMonitorIsClosedWhileTheGuardIsAskedIsNotTakenOver() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    try (KeepaliveMonitor monitor =
        guarded(
            request -> {
              asked.countDown();
              awaitThoughInterrupted(closed);
              return claim;
            })) {
      monitor.watchAll(
          List.of(scene.connect()), FailoverPolicy.all(), failover -> scene.add("callback"));
      scene.fail();
      asked.await();
    }
    closed.countDown();
    assertTrue(claim.awaitReleased());
    scene.expectNothing();
  }

  private static long tokenOf(Failover failover) {
    return failover.claim().orElseThrow().token().orElseThrow();
  }

  private List<KeepaliveSocket> pair() throws Exception {
    return List.of(scene.connect(), scene.connect());
  }

  @Test
  void aGroupHearsOfADeclineAndOfALoss() throws Exception {
    BlockingQueue<Claim> claims = new LinkedBlockingQueue<>();
    LosableClaim claim = new LosableClaim(1);
    claims.add(claim);
    TakeoverGuard guard =
        request -> {
          if (claims.isEmpty()) {
            throw new ClaimDeclinedException("no more");
          }
          return claims.remove();
        };
    try (KeepaliveMonitor monitor = guarded(guard)) {
      Watch won = monitor.watchAll(pair(), FailoverPolicy.all(), scene);
      scene.fail();
      scene.fail();
      scene.expect("callback");
      assertEquals(Watch.End.Kind.TAKEN_OVER, endOf(won).kind());
      claim.lose("outbid");
      scene.expect("lost: outbid");
      Watch declined = monitor.watchAll(pair(), FailoverPolicy.all(), scene);
      scene.fail();
      scene.fail();
      assertEquals(Watch.End.Kind.DECLINED, endOf(declined).kind());
      assertEquals("no more", endOf(declined).reason().orElseThrow());
      assertEquals(2, endOf(declined).failures().size());
    }
  }

  @Test
  void allMustGrantAndTheEarlierClaimsAreReleased() throws Exception {
    LosableClaim first = new LosableClaim(1);
    AtomicInteger third = new AtomicInteger();
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> first,
            request -> {
              throw new ClaimDeclinedException("the second declines");
            },
            request -> new LosableClaim(third.incrementAndGet()));
    try (KeepaliveMonitor monitor = guarded(all)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the second declines");
      assertTrue(first.isReleased());
      assertEquals(0, third.get());
    }
  }

  @Test
  void aGuardThatThrowsReleasesTheEarlierClaimsTheLastFirst() throws Exception {
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> new ReleaseTeller("first"),
            request -> new ReleaseTeller("second"),
            request -> {
              throw new IllegalStateException("broken");
            });
    try (KeepaliveMonitor monitor = guarded(all)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("released second");
      scene.expect("released first");
      scene.expect("declined: the guard failed: java.lang.IllegalStateException: broken");
    }
  }

  /** A claim that tells of its release, which fails for all but the first. */
  private final class ReleaseTeller extends AbstractClaim {
    private final String name;

    ReleaseTeller(String name) {
      this.name = name;
    }

    @Override
    public String description() {
      return name;
    }

    @Override
    protected void giveUp() {
      scene.add("released " + name);
      if (!name.equals("first")) {
        throw new IllegalStateException(name + " is stuck");
      }
    }
  }

  @Test
  void aGuardAfterTheTimeoutIsNotAsked() throws Exception {
    LosableClaim late = new LosableClaim(1);
    CountDownLatch declined = new CountDownLatch(1);
    AtomicInteger fenced = new AtomicInteger();
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> {
              awaitThoughInterrupted(declined);
              return late;
            },
            request -> new LosableClaim(fenced.incrementAndGet()));
    try (KeepaliveMonitor monitor = guarded(all, Duration.ofMillis(500))) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: the guard gave no answer within 500 ms");
      declined.countDown();
      assertTrue(late.awaitReleased());
      Eventually.assertNever("a fence", () -> fenced.get() > 0);
    }
  }

  private void requireDeclined(TakeoverGuard guard, String reason) throws Exception {
    try (KeepaliveMonitor monitor = guarded(guard)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("declined: " + reason);
    }
  }

  @Test
  void noCallbackBeginsWhileOneOfTheClaimsIsInDoubt() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    Claim doubtful = new DoubtfulClaim(new LosableClaim(2));
    TakeoverGuard all = TakeoverGuard.allOf(request -> claim, request -> doubtful);
    requireDeclined(all, "the claim was in doubt when it was to be used");
    assertTrue(claim.awaitReleased());
  }

  @Test
  void nothingIsAnnouncedOnceOneOfAllIsLost() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    Claim lost = new LastMomentClaim(new LosableClaim(2));
    TakeoverGuard all = TakeoverGuard.allOf(request -> claim, request -> lost);
    requireDeclined(all, "the claim was lost before it was used: outbid");
    assertFalse(claim.isAnnounced());
  }

  @Test
  void aDoubtfulClaimEndsTheChain() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    Claim doubtful = new DoubtfulClaim(claim);
    AtomicInteger fenced = new AtomicInteger();
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> doubtful, request -> new LosableClaim(fenced.incrementAndGet()));
    requireDeclined(all, "a claim was lost or in doubt, and not all guards have been asked");
    assertTrue(claim.awaitReleased());
    Eventually.assertNever("a fence", () -> fenced.get() > 0);
  }

  @Test
  void aCombinedClaimIsLostWithAnyPartAndReleasesTheOthers() throws Exception {
    LosableClaim tokened = new LosableClaim(5);
    TakeoverGuard all = TakeoverGuard.allOf(request -> Claim.lasting("fenced"), request -> tokened);
    try (KeepaliveMonitor monitor = guarded(all)) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("callback");
      Claim claim = scene.failover().claim().orElseThrow();
      assertEquals(5, claim.token().orElseThrow());
      assertEquals("fenced; claim 5", claim.description());
      scene.expect("ended");
      tokened.lose("outbid");
      scene.expect("lost: outbid");
      assertTrue(tokened.isReleased());
      assertFalse(claim.isValid());
    }
  }

  @Test
  void aCombinedClaimHasTheFirstTokenAmongItsParts() throws Exception {
    TakeoverGuard all =
        TakeoverGuard.allOf(
            request -> Claim.lasting("fenced"),
            request -> new LosableClaim(5),
            request -> new LosableClaim(6));
    try (KeepaliveMonitor monitor = guarded(all)) {
      monitor.watch(scene.connect(), failover -> scene.add("token " + tokenOf(failover)));
      scene.fail();
      scene.expect("token 5");
    }
  }

  @Test
  void eachWatchArmsTheGuardForItself() throws Exception {
    AtomicInteger armed = new AtomicInteger();
    TakeoverGuard guard =
        new TakeoverGuard() {
          @Override
          public TakeoverGuard arm() {
            int number = armed.incrementAndGet();
            return request -> new LosableClaim(number);
          }

          @Override
          public Claim claim(ClaimRequest request) throws ClaimDeclinedException {
            throw new ClaimDeclinedException("not armed");
          }
        };
    try (KeepaliveMonitor monitor = guarded(TakeoverGuard.allOf(guard))) {
      monitor.watch(scene.connect(), failover -> scene.add(failover.claim().get().description()));
      monitor.watch(scene.connect(), failover -> scene.add(failover.claim().get().description()));
      scene.fail();
      scene.expect("claim 1");
      scene.fail();
      scene.expect("claim 2");
    }
  }

  @Test
  void boundsAreNamed() {
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder();
    TakeoverGuard guard = request -> null;
    assertThrows(
        IllegalArgumentException.class, () -> builder.guard(guard, Duration.ofNanos(999_999)));
    assertThrows(IllegalArgumentException.class, () -> builder.guard(guard, Duration.ofHours(25)));
    assertThrows(IllegalArgumentException.class, TakeoverGuard::allOf);
  }

  private static void awaitClosed(KeepaliveMonitor monitor) {
    while (monitor.size() > 0) {
      Thread.onSpinWait();
    }
  }
}
