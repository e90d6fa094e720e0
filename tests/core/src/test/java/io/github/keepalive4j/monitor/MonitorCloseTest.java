package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.awaitThoughInterrupted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import io.github.keepalive4j.support.Recorder;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Closing links and monitors from everywhere. */
class MonitorCloseTest extends MonitorTest {
  private static final int ROUNDS = 500;
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private static final long MIN_DELAY_NS = 1_000;
  private static final long MAX_DELAY_NS = 50_000_000;

  private final Recorder recorder = new Recorder();
  private long closingDelayNs = 100_000;

  private static List<KeepaliveMonitor.Builder> builders() {
    return List.of(KeepaliveMonitor.builder(), KeepaliveMonitor.builder().executor(Runnable::run));
  }

  @Test
  void closingTheMonitorClosesItsLinksWithoutACallback() throws Exception {
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    monitor.close();
    monitor.close();
    assertFalse(pair.link().isOpen());
    assertEquals(0, monitor.size());
    pair.source().setSoTimeout(10_000);
    assertEquals(-1, pair.source().getInputStream().read());
    assertEquals(List.of(), recorder.calls());
    pair.close();
  }

  @Test
  void closingEndsTheMonitorsThread() throws Exception {
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    Eventually.await("one thread", () -> monitorThreads() == 1);
    monitor.close();
    Eventually.await("no thread", () -> monitorThreads() == 0);
  }

  private static long monitorThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("keepalive-monitor-\\d+"))
        .count();
  }

  @Test
  void aClosedMonitorRefusesALinkAndLeavesItOpen() throws Exception {
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    monitor.close();
    try (LinkPair pair = source.connect()) {
      assertThrows(IllegalStateException.class, () -> monitor.watch(pair.link(), recorder));
      assertTrue(pair.link().isOpen());
      assertTrue(pair.link().classify().isEmpty());
      assertFalse(monitor.unwatch(pair.link()));
    }
  }

  @Test
  void aCallbackMayCloseItsLink() throws Exception {
    for (KeepaliveMonitor.Builder builder : builders()) {
      CountDownLatch closed = new CountDownLatch(1);
      try (KeepaliveMonitor monitor = builder.open()) {
        LinkPair pair = source.connect();
        monitor.watch(
            pair.link(),
            failover -> {
              failover.failure().link().close();
              closed.countDown();
            });
        pair.finish();
        assertTrue(closed.await(10, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void aCallbackMayCloseItsMonitor() throws Exception {
    for (KeepaliveMonitor.Builder builder : builders()) {
      CountDownLatch closed = new CountDownLatch(1);
      KeepaliveMonitor monitor = builder.open();
      LinkPair pair = source.connect();
      LinkPair other = source.connect();
      monitor.watch(
          pair.link(),
          failure -> {
            monitor.close();
            closed.countDown();
          });
      monitor.watch(other.link(), recorder);
      pair.finish();
      assertTrue(closed.await(10, TimeUnit.SECONDS));
      awaitClosed(pair.link());
      assertFalse(other.link().isOpen());
      assertEquals(List.of(), recorder.calls());
      other.close();
    }
  }

  @Test
  void aListenersOnUpMayCloseItsMonitorThoughTheLinkHasFailed() throws Exception {
    for (KeepaliveMonitor.Builder builder : builders()) {
      KeepaliveMonitor monitor = builder.open();
      LinkPair pair = source.connect();
      pair.finish();
      LinkListener closing =
          new LinkListener() {
            @Override
            public void onUp(LinkUpdate update) {
              monitor.close();
            }
          };
      Background<?> watching =
          Background.start(
              () -> {
                monitor.watch(pair.link(), recorder, closing);
                return null;
              });
      watching.get();
      awaitClosed(pair.link());
      monitor.close(); // the failover may be first, and nobody hears of onUp then
    }
  }

  @Test
  void noCallbackBeginsAfterwardsThoughTheVerdictIsStillBeingReported() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch reported = new CountDownLatch(1);
    MonitorListener slow =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            running.countDown();
            awaitUninterrupted(release);
          }
        };
    KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .listener(slow)
            .executor(
                task ->
                    new Thread(
                            () -> {
                              task.run();
                              reported.countDown();
                            })
                        .start())
            .open();
    LinkPair pair = source.connect();
    Watch watch = monitor.watch(pair.link(), recorder);
    pair.finish();
    assertTrue(running.await(10, TimeUnit.SECONDS));
    monitor.close();
    assertEquals(
        Watch.End.Kind.CANCELLED,
        watch.ended().toCompletableFuture().get(10, TimeUnit.SECONDS).kind());
    release.countDown();
    assertTrue(reported.await(10, TimeUnit.SECONDS));
    assertEquals(List.of(), recorder.calls());
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closingWithATimeoutWaitsForTheRunningCallback() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    LinkPair pair = source.connect();
    LinkPair healthy = source.connect();
    monitor.watch(
        pair.link(),
        failover -> {
          running.countDown();
          release.await();
        });
    monitor.watch(healthy.link(), recorder);
    pair.finish();
    assertTrue(running.await(10, TimeUnit.SECONDS));
    assertFalse(monitor.close(Duration.ZERO));
    assertFalse(healthy.link().isOpen());
    assertFalse(monitor.close(Duration.ofMillis(50)));
    Background<Boolean> closing = Background.start(() -> monitor.close(FOREVER));
    release.countDown();
    assertTrue(closing.get());
    assertEquals(List.of(), recorder.calls());
    healthy.close();
  }

  @Test
  void closingWithATimeoutWaitsForTheGuardToo() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  asked.countDown();
                  awaitThoughInterrupted(release);
                  return Claim.lasting("late");
                },
                Duration.ofMinutes(1))
            .open();
    LinkPair pair = source.connect();
    monitor.watch(pair.link(), recorder);
    pair.finish();
    assertTrue(asked.await(10, TimeUnit.SECONDS));
    assertFalse(monitor.close(Duration.ofMillis(50)));
    release.countDown();
    assertTrue(monitor.close(FOREVER));
    assertEquals(List.of(), recorder.calls());
  }

  @Test
  void closingWithATimeoutFromACallbackDoesNotWaitForItself() throws Exception {
    for (KeepaliveMonitor.Builder builder : builders()) {
      KeepaliveMonitor monitor = builder.open();
      LinkPair pair = source.connect();
      CompletableFuture<Boolean> closed = new CompletableFuture<>();
      monitor.watch(pair.link(), failover -> closed.complete(monitor.close(FOREVER)));
      pair.finish();
      assertTrue(closed.get(10, TimeUnit.SECONDS));
      awaitClosed(pair.link());
    }
  }

  @Test
  void anInterruptEndsTheWaitOfAMonitorThatIsClosedAllTheSame() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    LinkPair pair = source.connect();
    monitor.watch(
        pair.link(),
        failover -> {
          running.countDown();
          release.await();
        });
    pair.finish();
    assertTrue(running.await(10, TimeUnit.SECONDS));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> monitor.close(FOREVER));
    assertFalse(pair.link().isOpen());
    release.countDown();
    assertTrue(monitor.close(FOREVER));
  }

  @Test
  void aNegativeTimeoutIsRefusedAndLeavesTheMonitorOpen() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open();
        LinkPair pair = source.connect()) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> monitor.close(Duration.ofNanos(-1)))
              .getMessage();
      assertEquals("timeout PT-0.000000001S is negative", message);
      monitor.watch(pair.link(), recorder);
    }
  }

  @Test
  void aBlockedCallbackDoesNotHoldUpClosingItsLink() throws Exception {
    for (KeepaliveMonitor.Builder builder : builders()) {
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      try (KeepaliveMonitor monitor = builder.open()) {
        LinkPair pair = source.connect();
        LinkPair other = source.connect();
        monitor.watch(
            pair.link(),
            failure -> {
              running.countDown();
              release.await(); // for longer than a close below may take
            },
            recorder);
        monitor.watch(other.link(), recorder);
        pair.finish();
        assertTrue(running.await(10, TimeUnit.SECONDS));
        closeInBackground(pair.link());
        closeInBackground(other.link());
        assertEquals(0, monitor.size());
        release.countDown();
        other.close();
      }
    }
  }

  private static void closeInBackground(KeepaliveSocket link) throws Exception {
    closing(link).get();
  }

  private static Background<?> closing(KeepaliveSocket link) {
    return Background.start(
        () -> {
          link.close();
          return null;
        });
  }

  @Test
  void closingAMonitorDoesNotWaitForARunningCallback() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    LinkPair pair = source.connect();
    monitor.watch(
        pair.link(),
        failure -> {
          running.countDown();
          assertTrue(release.await(10, TimeUnit.SECONDS));
          ended.countDown();
        });
    pair.finish();
    assertTrue(running.await(10, TimeUnit.SECONDS));
    monitor.close();
    assertEquals(1, ended.getCount());
    release.countDown();
    assertTrue(ended.await(10, TimeUnit.SECONDS));
  }

  @Test
  void closingAMonitorWhileAListenerRunsLogsNothing() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch later = new CountDownLatch(1);
    LinkListener slow =
        new LinkListener() {
          @Override
          public void onUp(LinkUpdate update) {
            running.countDown();
            awaitOrFail(release);
          }
        };
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        LinkPair pair = source.connect();
        LinkPair other = source.connect()) {
      monitor.watch(pair.link(), recorder, slow);
      monitor.watch(other.link(), failover -> later.countDown());
      awaitOrFail(running);
      pair.send('G');
      other.source().close();
      awaitOrFail(later); // so the first link's goodbye waits for the listener
      monitor.close();
      release.countDown();
      Eventually.await("the end of the monitor's threads", () -> callbackThreads() == 0);
      assertEquals(List.of(), log.messages());
      assertEquals(List.of(), recorder.calls());
    }
  }

  private static void awaitOrFail(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static long callbackThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("keepalive-monitor-\\d+-callback.*"))
        .count();
  }

  @Test
  void linksWhoseEndsCloseEachOtherCloseFromTwoThreads() throws Exception {
    for (boolean listened : new boolean[] {true, false}) {
      try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
        LinkPair first = source.connect();
        LinkPair second = source.connect();
        CyclicBarrier bothEnd = new CyclicBarrier(2);
        watchWhoseEndCloses(monitor, first.link(), second.link(), bothEnd, listened);
        watchWhoseEndCloses(monitor, second.link(), first.link(), bothEnd, listened);
        Background<?> closing = closing(first.link());
        closing(second.link()).get();
        closing.get();
        first.source().close();
        second.source().close();
      }
    }
  }

  private void watchWhoseEndCloses(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      KeepaliveSocket other,
      CyclicBarrier bothEnd,
      boolean listened)
      throws Exception {
    Runnable closeOther =
        () -> {
          meet(bothEnd);
          other.close();
        };
    LinkListener listener =
        new LinkListener() {
          @Override
          public void onEnded(Watch.End end) {
            closeOther.run();
          }
        };
    if (listened) {
      monitor.watch(link, recorder, listener);
    } else {
      monitor.watch(link, recorder).ended().thenRun(closeOther);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noCallbackBeginsAfterTheLinkWasClosed() throws Exception {
    AtomicInteger called = new AtomicInteger();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      for (int round = 0; round < ROUNDS; round++) {
        LinkPair pair = source.connect();
        AtomicLong beganNs = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        monitor.watch(pair.link(), failover -> note(failover.failure(), beganNs, called, done));
        long closedNs = race(pair, pair.link()::close);
        settled(pair.link(), beganNs, done);
        assertNotLate(beganNs, closedNs, round);
        nearTheCallback(beganNs.get() != 0);
      }
    }
    assertTrue(called.get() > 0 && called.get() < ROUNDS, () -> "no race: " + called);
  }

  @Test
  void noCallbackBeginsAfterTheMonitorWasClosed() throws Exception {
    for (int round = 0; round < ROUNDS / 5; round++) {
      KeepaliveMonitor monitor = KeepaliveMonitor.open();
      LinkPair pair = source.connect();
      AtomicLong beganNs = new AtomicLong();
      CountDownLatch done = new CountDownLatch(1);
      monitor.watch(
          pair.link(), failover -> note(failover.failure(), beganNs, new AtomicInteger(), done));
      long closedNs = race(pair, monitor::close);
      assertFalse(pair.link().isOpen());
      settled(pair.link(), beganNs, done);
      assertNotLate(beganNs, closedNs, round);
      nearTheCallback(beganNs.get() != 0);
    }
  }

  @Test
  void aLinkClosedWhileItIsBeingWatchedIsNotInTheSet() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      for (int round = 0; round < ROUNDS; round++) {
        LinkPair pair = source.connect();
        pair.reset();
        pair.link().awaitFailure();
        AtomicBoolean go = new AtomicBoolean();
        Background<?> closing =
            Background.start(
                () -> {
                  while (!go.get()) {
                    Thread.onSpinWait();
                  }
                  pair.link().close();
                  return null;
                });
        go.set(true);
        try {
          monitor.watch(pair.link(), recorder);
        } catch (ClosedChannelException e) {
          assertFalse(pair.link().isOpen());
        }
        closing.get();
        int last = round;
        Eventually.await("no link after round " + last, () -> monitor.size() == 0);
      }
    }
  }

  private static void note(
      Failure failure, AtomicLong beganNs, AtomicInteger called, CountDownLatch done) {
    assertTrue(beganNs.compareAndSet(0, failure.callbackNs()), "a second callback");
    called.incrementAndGet();
    done.countDown();
  }

  private interface Closing {
    void run() throws IOException;
  }

  /** Lets the peer end the connection while this thread closes; returns when that was over. */
  private long race(LinkPair pair, Closing closing) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    Background<?> peer =
        Background.start(
            () -> {
              start.await();
              pair.finish();
              return null;
            });
    start.countDown();
    long jitterNs = ThreadLocalRandom.current().nextLong(closingDelayNs);
    long untilNs = System.nanoTime() + closingDelayNs / 2 + jitterNs;
    while (System.nanoTime() < untilNs) {
      Thread.onSpinWait();
    }
    closing.run();
    long closedNs = System.nanoTime();
    peer.get();
    return closedNs;
  }

  /** Lets the next round close sooner after a callback and later without one, at any speed. */
  private void nearTheCallback(boolean called) {
    long nextNs = called ? closingDelayNs * 4 / 5 : closingDelayNs * 5 / 4;
    closingDelayNs = Math.min(MAX_DELAY_NS, Math.max(MIN_DELAY_NS, nextNs));
  }

  /** Gives a callback that should not come the time to come, as short as the rounds are many. */
  private static void settled(KeepaliveSocket link, AtomicLong beganNs, CountDownLatch done)
      throws Exception {
    awaitClosed(link);
    boolean over = done.await(Duration.ofMillis(1).toNanos(), TimeUnit.NANOSECONDS);
    assertTrue(over || beganNs.get() == 0 || done.await(10, TimeUnit.SECONDS));
  }

  private static void assertNotLate(AtomicLong beganNs, long closedNs, int round) {
    assertTrue(beganNs.get() <= closedNs || beganNs.get() == 0, () -> "late in round " + round);
  }
}
