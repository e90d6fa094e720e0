package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch ends once, and says how. */
@Timeout(60)
class WatchTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final int REFUSALS = 100;

  private final AtomicInteger callbacks = new AtomicInteger();
  private KeepaliveMonitor monitor;

  @BeforeEach
  void openMonitor() throws Exception {
    monitor = KeepaliveMonitor.builder().errorHandler((link, error) -> {}).open();
  }

  @AfterEach
  void closeMonitor() {
    monitor.close();
  }

  private Watch watch(LinkPair pair) throws Exception {
    return monitor.watch(pair.link(), failover -> callbacks.incrementAndGet());
  }

  private Watch watchAll(FailoverPolicy policy, LinkPair... pairs) throws Exception {
    return monitor.watchAll(
        List.of(pairs).stream().map(LinkPair::link).toList(),
        policy,
        failover -> callbacks.incrementAndGet());
  }

  private static boolean hasEnded(Watch watch) {
    return watch.ended().toCompletableFuture().isDone();
  }

  @Test
  void aTakeoverEndsTheWatchAfterItsCallback() throws Exception {
    LinkPair pair = source.connect();
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    Watch watch =
        monitor.watch(
            pair.link(),
            failover -> {
              running.countDown();
              release.await();
            });
    pair.reset();
    assertTrue(running.await(10, TimeUnit.SECONDS));
    assertFalse(hasEnded(watch));
    release.countDown();
    Watch.End end = endOf(watch);
    assertEquals(Kind.TAKEN_OVER, end.kind());
    assertEquals(FailureCause.RESET, end.failover().orElseThrow().failure().cause());
    assertTrue(end.callbackTime().orElseThrow().compareTo(AMPLE) < 0);
    assertEquals(Map.of(pair.link(), LinkState.FAILED), watch.linkStates());
  }

  @Test
  void aCallbackThatThrowsIsATakeoverThatFailed() throws Exception {
    LinkPair pair = source.connect();
    IllegalStateException broken = new IllegalStateException("broken");
    Watch watch =
        monitor.watch(
            pair.link(),
            failover -> {
              throw broken;
            });
    pair.finish();
    Watch.End end = endOf(watch);
    assertEquals(Kind.TAKEOVER_FAILED, end.kind());
    assertSame(broken, end.thrown().orElseThrow());
  }

  @Test
  void aDeclineEndsTheWatchWithItsReason() throws Exception {
    TakeoverGuard declining =
        request -> {
          throw new ClaimDeclinedException("not now");
        };
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor guarded = KeepaliveMonitor.builder().guard(declining, AMPLE).open()) {
      LinkPair pair = source.connect();
      Watch watch = guarded.watch(pair.link(), failover -> callbacks.incrementAndGet());
      pair.finish();
      assertEquals(Kind.DECLINED, endOf(watch).kind());
      assertEquals("not now", endOf(watch).reason().orElseThrow());
      assertEquals(0, callbacks.get());
      Eventually.await("a line", () -> !log.messages().isEmpty());
      assertTrue(log.messages().get(0).endsWith(": not now"), log.messages()::toString);
    }
  }

  @Test
  void anUnknownByteEndsTheWatchAndIsLoggedWhereNobodyListens() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class)) {
      LinkPair pair = source.connect();
      Watch watch = watch(pair);
      pair.send('?');
      Watch.End end = endOf(watch);
      assertEquals(Kind.VIOLATED, end.kind());
      assertEquals(FailureCause.VIOLATED, end.failures().get(0).cause());
      assertEquals('?', end.failures().get(0).octet().orElseThrow());
      assertEquals(0, callbacks.get());
      Eventually.await("a line", () -> log.messages().size() == 1);
      pair.source().close();
    }
  }

  @Test
  void aClosedWatchGivesItsLinkBackOpen() throws Exception {
    LinkPair pair = source.connect();
    Watch watch = watch(pair);
    watch.close();
    assertEquals(Kind.CANCELLED, endOf(watch).kind());
    assertTrue(pair.link().isOpen());
    Watch second = watch(pair);
    pair.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(second).kind());
    assertEquals(1, callbacks.get());
  }

  @Test
  void aClosedLinkAndAClosedMonitorCancel() throws Exception {
    LinkPair closed = source.connect();
    Watch first = watch(closed);
    closed.close();
    assertEquals(Kind.CANCELLED, endOf(first).kind());
    LinkPair left = source.connect();
    Watch second = watch(left);
    monitor.close();
    assertEquals(Kind.CANCELLED, endOf(second).kind());
    left.source().close();
  }

  @Test
  void aClosedMonitorClosesEveryLinkOfAGroup() throws Exception {
    LinkPair[] pairs = new LinkPair[20];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = source.connect();
    }
    Watch watch = watchAll(FailoverPolicy.all(), pairs);
    monitor.close();
    assertEquals(Kind.CANCELLED, endOf(watch).kind());
    for (LinkPair pair : pairs) {
      assertFalse(pair.link().isOpen());
      pair.source().close();
    }
  }

  @Test
  void aWatchClosedWhileItsGuardIsAskedIsCancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    TakeoverGuard slow =
        request -> {
          asked.countDown();
          closed.await();
          return Claim.lasting("granted too late");
        };
    try (KeepaliveMonitor guarded = KeepaliveMonitor.builder().guard(slow, AMPLE).open()) {
      LinkPair first = source.connect();
      LinkPair second = source.connect();
      Watch watch =
          guarded.watchAll(
              List.of(first.link(), second.link()),
              FailoverPolicy.atLeast(1),
              failover -> callbacks.incrementAndGet());
      first.finish();
      asked.await();
      watch.close();
      closed.countDown();
      assertEquals(Kind.CANCELLED, endOf(watch).kind());
      assertTrue(second.link().isOpen());
      first.close();
      second.close();
    }
    assertEquals(0, callbacks.get());
  }

  @Test
  void aGroupThatTooFewLinksAreLeftOfSaysSoAtOnce() throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class)) {
      LinkPair first = source.connect();
      LinkPair second = source.connect();
      Watch watch = watchAll(FailoverPolicy.all(), first, second);
      monitor.unwatch(first.link());
      Watch.End end = endOf(watch);
      assertEquals(Kind.UNSATISFIABLE, end.kind());
      assertTrue(end.reason().orElseThrow().startsWith("2 links have to fail, 0 have failed"));
      Eventually.await("a line", () -> log.messages().size() == 1);
      second.finish();
      awaitClosed(second.link());
      assertEquals(0, callbacks.get());
      first.close();
    }
  }

  @Test
  void aGroupThatLosesAViolatorCanStillFailOverIfTheOthersAreEnough() throws Exception {
    LinkPair violator = source.connect();
    LinkPair second = source.connect();
    Watch watch = watchAll(FailoverPolicy.atLeast(1), violator, second);
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class)) {
      violator.send('?');
      awaitClosed(violator.link());
      assertFalse(hasEnded(watch));
      Eventually.await("a warning", () -> !log.warnings().isEmpty());
      String warning = log.warnings().get(0);
      assertTrue(warning.endsWith("can't fail any more: VIOLATED; others still can"), warning);
    }
    second.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
    assertEquals(1, endOf(watch).failures().size());
    violator.source().close();
  }

  @Test
  void aGroupWithALinkThatIsRefusedLeavesTheOthersToTheirOwner() throws Exception {
    LinkPair first = source.connect();
    LinkPair closed = source.connect();
    closed.close();
    assertThrows(ClosedChannelException.class, () -> watchAll(FailoverPolicy.all(), first, closed));
    assertEquals(0, monitor.size());
    Watch alone = watch(first);
    first.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(alone).kind());
    assertEquals(1, callbacks.get());
  }

  @Test
  void aViolationCountsTowardsNoFailover() throws Exception {
    LinkPair violator = source.connect();
    LinkPair second = source.connect();
    Watch watch = watchAll(FailoverPolicy.all(), violator, second);
    violator.send('?');
    assertEquals(Kind.UNSATISFIABLE, endOf(watch).kind());
    assertEquals(LinkState.VIOLATED, watch.linkStates().get(violator.link()));
    second.finish();
    awaitClosed(second.link());
    assertEquals(0, callbacks.get());
    violator.source().close();
  }

  @Test
  void aGroupWhoseSourceStandsDownIsNotTakenOver() throws Exception {
    LinkPair first = source.connect();
    LinkPair second = source.connect();
    Watch watch = watchAll(FailoverPolicy.atLeast(1), first, second);
    first.send('G');
    second.send('G');
    assertEquals(Kind.UNSATISFIABLE, endOf(watch).kind());
    awaitClosed(first.link());
    awaitClosed(second.link());
    assertEquals(0, callbacks.get());
    first.source().close();
    second.source().close();
  }

  @Test
  void aGroupWhoseSourceStandsDownIsTakenOverIfThatIsAFailure() throws Exception {
    try (KeepaliveMonitor leaving = KeepaliveMonitor.builder().failoverWhenLeft(true).open()) {
      LinkPair first = source.connect();
      LinkPair second = source.connect();
      Watch watch =
          leaving.watchAll(
              List.of(first.link(), second.link()),
              FailoverPolicy.all(),
              failover -> callbacks.incrementAndGet());
      first.send('G');
      second.send('G');
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(2, endOf(watch).failures().size());
      assertEquals(FailureCause.LEFT, endOf(watch).failures().get(0).cause());
      assertEquals(1, callbacks.get());
      first.source().close();
      second.source().close();
    }
  }

  @Test
  void aReplacedLinkNoLongerCounts() throws Exception {
    LinkPair failed = source.connect();
    LinkPair second = source.connect();
    LinkPair fresh = source.connect();
    Watch watch = watchAll(FailoverPolicy.all(), failed, second);
    failed.finish();
    awaitClosed(failed.link());
    watch.replace(failed.link(), fresh.link());
    assertEquals(
        Map.of(second.link(), LinkState.UP, fresh.link(), LinkState.UP), watch.linkStates());
    second.finish();
    awaitClosed(second.link());
    assertFalse(hasEnded(watch));
    fresh.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
    assertEquals(
        List.of(second.link(), fresh.link()),
        endOf(watch).failures().stream().map(Failure::link).toList());
  }

  @Test
  void aReplacedLinkThatLivesIsItsOwnersAgain() throws Exception {
    LinkPair old = source.connect();
    LinkPair second = source.connect();
    LinkPair fresh = source.connect();
    Watch watch = watchAll(FailoverPolicy.all(), old, second);
    watch.replace(old.link(), fresh.link());
    assertTrue(old.link().classify().isEmpty());
    old.close();
    assertFalse(hasEnded(watch));
    second.finish();
    fresh.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
  }

  @Test
  void aReplacementThatHasFailedAlreadyCounts() throws Exception {
    LinkPair old = source.connect();
    LinkPair second = source.connect();
    LinkPair dead = source.connect();
    Watch watch = watchAll(FailoverPolicy.all(), old, second);
    dead.finish();
    watch.replace(old.link(), dead.link());
    second.finish();
    assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
    old.close();
  }

  /** Brings a link whose end is known, as its owner has asked for it. */
  private static LinkPair judged(LinkPair pair) throws Exception {
    Eventually.await("the verdict", () -> pair.link().classify().isPresent());
    return pair;
  }

  private LinkPair reset() throws Exception {
    LinkPair pair = source.connect();
    pair.reset();
    return judged(pair);
  }

  private LinkPair left() throws Exception {
    LinkPair pair = source.connect();
    pair.send('G');
    return judged(pair);
  }

  @Test
  void aReplacementThatHasFailedCallsBackOnTheExecutor() throws Exception {
    LinkPair old = source.connect();
    LinkPair second = source.connect();
    LinkPair failed = reset();
    CountDownLatch replaced = new CountDownLatch(1);
    AtomicBoolean goesOn = new AtomicBoolean();
    Watch watch =
        monitor.watchAll(
            List.of(old.link(), second.link()),
            FailoverPolicy.atLeast(1),
            failover -> goesOn.set(replaced.await(10, TimeUnit.SECONDS)));
    watch.replace(old.link(), failed.link());
    replaced.countDown();
    assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
    assertEquals(failed.link(), endOf(watch).failures().get(0).link());
    assertTrue(goesOn.get(), "the callback held up its caller");
    old.close();
    second.close();
  }

  @Test
  void theLinkOfAGuardedWatchIsReplacedByOneThatHasFailed() throws Exception {
    try (KeepaliveMonitor guarded =
        KeepaliveMonitor.builder().guard(request -> Claim.lasting("yours"), AMPLE).open()) {
      LinkPair old = source.connect();
      LinkPair failed = reset();
      Watch watch = guarded.watch(old.link(), failover -> callbacks.incrementAndGet());
      watch.replace(old.link(), failed.link());
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(1, callbacks.get());
      old.close();
    }
  }

  @Test
  void aReplacementWhoseSourceHasLeftCountsIfThatIsAFailure() throws Exception {
    try (KeepaliveMonitor leaving = KeepaliveMonitor.builder().failoverWhenLeft(true).open()) {
      LinkPair old = source.connect();
      LinkPair left = left();
      Watch watch =
          leaving.watchAll(
              List.of(old.link()), FailoverPolicy.all(), failover -> callbacks.incrementAndGet());
      watch.replace(old.link(), left.link());
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertEquals(FailureCause.LEFT, endOf(watch).failures().get(0).cause());
      old.close();
      left.close();
    }
  }

  @Test
  void aReplacementWhoseSourceHasLeftCanNotFail() throws Exception {
    LinkPair old = source.connect();
    LinkPair second = source.connect();
    LinkPair left = left();
    Watch watch = watchAll(FailoverPolicy.all(), old, second);
    watch.replace(old.link(), left.link());
    assertEquals(Kind.UNSATISFIABLE, endOf(watch).kind());
    assertEquals(LinkState.LEFT, watch.linkStates().get(left.link()));
    old.close();
    second.close();
    left.close();
  }

  @Test
  void aLinkIsReplacedOnlyOnce() throws Exception {
    LinkPair old = source.connect();
    LinkPair first = source.connect();
    LinkPair second = source.connect();
    AtomicReference<Watch> watch = new AtomicReference<>();
    MonitorListener meanwhile =
        new MonitorListener() {
          @Override
          public void onUp(LinkListener.LinkUpdate update) {
            if (update.link() == second.link()) {
              assertDoesNotThrow(() -> watch.get().replace(old.link(), first.link()));
            }
          }
        };
    try (KeepaliveMonitor listening = KeepaliveMonitor.builder().listener(meanwhile).open()) {
      watch.set(listening.watch(old.link(), failover -> callbacks.incrementAndGet()));
      assertThrows(
          IllegalArgumentException.class, () -> watch.get().replace(old.link(), second.link()));
      assertEquals(Map.of(first.link(), LinkState.UP), watch.get().linkStates());
      assertTrue(second.link().classify().isEmpty());
      assertEquals(1, listening.size());
    }
    old.close();
    first.close();
    second.close();
  }

  /** The verdict has fallen, but the callback hasn't begun. */
  @Test
  void aLinkReplacedAfterItsVerdictIsNotCalledBackFor() throws Exception {
    LinkPair old = source.connect();
    LinkPair fresh = source.connect();
    AtomicReference<Watch> watch = new AtomicReference<>();
    MonitorListener replacing =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            if (failure.link() == old.link()) {
              assertDoesNotThrow(() -> watch.get().replace(old.link(), fresh.link()));
            }
          }
        };
    try (KeepaliveMonitor listening = KeepaliveMonitor.builder().listener(replacing).open()) {
      watch.set(listening.watch(old.link(), failover -> callbacks.incrementAndGet()));
      old.reset();
      Eventually.await("the fresh link", () -> watch.get().linkStates().containsKey(fresh.link()));
      fresh.finish();
      assertEquals(fresh.link(), endOf(watch.get()).failures().get(0).link());
      assertEquals(1, callbacks.get());
    }
    old.close();
  }

  @Test
  void aReplacementThatIsRefusedStaysItsOwners() throws Exception {
    LinkPair pair = source.connect();
    LinkPair second = source.connect();
    LinkPair failed = reset();
    Watch watch = watchAll(FailoverPolicy.atLeast(1), pair, second);
    pair.finish();
    endOf(watch);
    for (int i = 0; i < REFUSALS; i++) { // an executor's thread may close it later
      assertThrows(IllegalStateException.class, () -> watch.replace(pair.link(), failed.link()));
      assertEquals(FailureCause.RESET, failed.link().classify().orElseThrow().cause());
    }
    assertEquals(1, callbacks.get());
    failed.close();
    second.close();
  }

  @Test
  void nothingIsReplacedInAWatchThatHasEnded() throws Exception {
    LinkPair pair = source.connect();
    LinkPair fresh = source.connect();
    LinkPair stranger = source.connect();
    Watch watch = watch(pair);
    assertThrows(
        IllegalArgumentException.class, () -> watch.replace(stranger.link(), fresh.link()));
    pair.finish();
    endOf(watch);
    assertThrows(IllegalStateException.class, () -> watch.replace(pair.link(), fresh.link()));
    assertTrue(fresh.link().classify().isEmpty());
    fresh.close();
    stranger.close();
  }

  @Test
  void connectLeavesNothingOpenIfTheWatchIsRefused() throws Exception {
    monitor.close();
    assertThrows(
        IllegalStateException.class,
        () ->
            monitor.connect(
                source.address(),
                KeepaliveOptions.defaults(),
                failover -> callbacks.incrementAndGet()));
    source.accept();
  }
}
