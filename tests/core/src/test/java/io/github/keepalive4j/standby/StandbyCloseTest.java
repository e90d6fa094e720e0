package io.github.keepalive4j.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Standby.StateChange;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Closing a standby from everywhere. */
@SuppressWarnings("try") // resources that are only closed
class StandbyCloseTest extends StandbyScene {
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(5);

  @Test
  void closingEndsAnAddressThatTakesLong() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Standby standby =
        Standby.builder(
                () -> {
                  asked.countDown();
                  try {
                    Thread.sleep(LONG.toMillis());
                  } finally {
                    interrupted.countDown();
                  }
                  return address;
                })
            .onFailover(failover -> {})
            .open();
    await(asked);
    standby.close();
    await(interrupted);
    assertEquals(State.CLOSED, standby.state());
  }

  @Test
  void closingDoesNotWaitForAnAddressThatNeverComes() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Standby standby =
        Standby.builder(
                () -> {
                  thread.set(Thread.currentThread());
                  asked.countDown();
                  awaitUninterruptibly(release);
                  return address;
                })
            .listener(new Recording())
            .onFailover(failover -> {})
            .open();
    await(asked);
    standby.close();
    assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
    assertTrue(thread.get().isDaemon(), "its thread would keep the JVM alive");
    release.countDown();
    thread.get().join();
    assertEquals(List.of(State.CLOSED), changes.stream().map(StateChange::state).toList());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void closingEndsAPendingAttempt() throws Exception {
    Standby standby = builder().options(patient()).connectTimeout(LONG).open();
    source.accept(); // and never answers the first query
    awaitConnecting();
    standby.close();
    assertEquals(State.CONNECTING, await(State.CLOSED).previous());
  }

  @Test
  void closingEndsAWait() throws Exception {
    source.vanish();
    Standby standby = builder().reconnect(LONG, LONG).open();
    await(State.WAITING);
    awaitPause();
    standby.close();
    standby.close();
    assertEquals(State.WAITING, await(State.CLOSED).previous());
    assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
    assertTrue(changes.isEmpty(), changes::toString);
  }

  @Test
  void closingEndsAWatch() throws Exception {
    try (LogRecords log = LogRecords.of(Standby.class)) {
      Standby standby = builder().connect();
      source.accept();
      await(State.ARMED);
      standby.close();
      assertEquals(State.ARMED, await(State.CLOSED).previous());
      assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
      assertEquals(List.of(), log.messages());
    }
  }

  private void assertNoTakeover() throws Exception {
    Eventually.assertNever("a takeover", () -> takeovers.get() > 0);
  }

  @Test
  void closingEndsAWatchWhoseSourceHasAnsweredAgain() throws Exception {
    CountDownLatch confirmed = new CountDownLatch(1);
    Recording listener =
        new Recording() {
          @Override
          public void onConfirmed(Confirmation event) {
            confirmed.countDown();
          }
        };
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().confirm(LONG).open()) {
      Standby standby = builder().listener(listener).monitor(monitor).connect();
      source.accept();
      await(State.ARMED);
      source.resetOne();
      source.accept();
      await(confirmed);
      assertEquals(State.ARMED, standby.state());
      standby.close();
      Eventually.await("no link watched", () -> monitor.size() == 0);
      assertNoTakeover();
    }
  }

  /** The monitor's listener stands between the verdict and the callback. */
  @Test
  void noCallbackBeginsAfterClosing() throws Exception {
    CountDownLatch judged = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    MonitorListener slow =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            judged.countDown();
            await(closed);
          }

          @Override
          public void onEnded(Watch.End end) {
            over.countDown();
          }
        };
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().listener(slow).open();
        Standby standby = builder().monitor(monitor).connect()) {
      source.accept();
      source.failOne();
      await(judged);
      standby.close();
      closed.countDown();
      await(over);
      assertNoTakeover();
      assertEquals(List.of(), ends);
    }
  }

  @Test
  void aClaimWonWhileItClosesIsReleased() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    Standby[] standby = new Standby[1];
    CountDownLatch known = new CountDownLatch(1);
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  await(known);
                  standby[0].close();
                  return claim;
                },
                GUARD_LIMIT)
            .open()) {
      standby[0] = builder().monitor(monitor).connect();
      known.countDown();
      source.accept();
      source.failOne();
      assertTrue(claim.awaitReleased());
      assertNoTakeover();
    }
  }

  @Test
  void noListenerIsToldAfterClosing() throws Exception {
    CountDownLatch inListener = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Standby.Listener slow =
        new Recording() {
          @Override
          public void onStateChanged(StateChange change) {
            super.onStateChanged(change);
            if (change.state() == State.ARMED) {
              inListener.countDown();
              await(closed);
            }
          }
        };
    Standby standby = builder().listener(slow).connect();
    source.accept();
    await(inListener);
    source.failOne();
    Eventually.await("the takeover", () -> standby.state() == State.TAKEN_OVER && !ends.isEmpty());
    standby.close();
    closed.countDown();
    awaitNoThread();
    assertEquals(
        List.of(State.ARMED, State.CLOSED), changes.stream().map(StateChange::state).toList());
  }

  @Test
  void itsCallbackMayCloseIt() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch known = new CountDownLatch(1);
    Standby[] standby = new Standby[1];
    try (LogRecords log = LogRecords.of(Standby.class)) {
      standby[0] =
          builder()
              .onFailover(
                  failover -> {
                    await(known);
                    standby[0].close();
                    done.countDown();
                  })
              .connect();
      known.countDown();
      source.accept();
      source.failOne();
      await(done);
      assertEquals(State.TAKING_OVER, await(State.CLOSED).previous());
      assertEquals(State.CLOSED, standby[0].state());
      awaitNoThread();
      assertEquals(List.of(), ends);
      assertEquals(List.of(), log.messages());
    }
  }

  @Test
  void itsListenerMayCloseIt() throws Exception {
    Standby[] standby = new Standby[1];
    CountDownLatch known = new CountDownLatch(1);
    Standby.Listener closing =
        new Recording() {
          @Override
          public void onStateChanged(StateChange change) {
            super.onStateChanged(change);
            if (change.state() == State.ARMED) {
              await(known);
              standby[0].close();
            }
          }
        };
    standby[0] = builder().listener(closing).open();
    known.countDown();
    source.accept();
    assertEquals(State.ARMED, await(State.CLOSED).previous());
    assertEquals(Watch.End.Kind.CANCELLED, end(standby[0]).kind());
    assertNoTakeover();
  }

  @Test
  void itIsClosedOnceItsMonitorIs() throws Exception {
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    Standby standby = builder().monitor(monitor).connect();
    source.accept();
    monitor.close();
    assertEquals(State.ARMED, await(State.CLOSED).previous());
    assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
    assertNoTakeover();
  }

  @Test
  void itIsClosedOnceItsMonitorIsWhileItWaits() throws Exception {
    source.vanish();
    KeepaliveMonitor monitor = KeepaliveMonitor.open();
    Standby standby = builder().monitor(monitor).open();
    await(State.WAITING);
    monitor.close();
    await(State.CLOSED);
    assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
  }

  @Test
  void leavesTheMonitorThatItWasGivenOpen() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      Standby standby = builder().monitor(monitor).connect();
      source.accept();
      standby.close();
      assertEquals(0, monitor.size());
      monitor.watch(source.connectLink(), failover -> {});
      assertEquals(1, monitor.size());
    }
  }

  @Test
  void aClaimOutlivesItsStandby() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder().guard(request -> claim, GUARD_LIMIT).open()) {
      Standby standby = builder().monitor(monitor).connect();
      source.accept();
      source.failOne();
      await(State.TAKEN_OVER);
      standby.close();
      assertFalse(claim.isReleased());
    }
  }

  @Test
  void aCallbackMayEndTheJvm() throws Exception {
    try (ChildJvm backup = ChildJvm.start(ExitingBackup.class)) {
      assertEquals("closed", backup.readLine());
      assertNull(backup.readLine(), "a line after the last");
    }
  }
}
