package io.github.keepalive4j.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.SourceDeclinedException;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A standby on real sockets: it arms, arms again, and takes over. */
@SuppressWarnings("try") // resources that are only closed
class StandbyTest extends StandbyScene {
  private static final KeepaliveOptions PROBED =
      KeepaliveOptions.detectWithin(Duration.ofSeconds(2));
  private static final Duration GUARD_LIMIT = Duration.ofSeconds(5);

  @Test
  void connectsToASourceThatIsNotThereYet() throws Exception {
    source.vanish();
    try (Standby standby = builder().open()) {
      assertInstanceOf(ConnectException.class, await(State.WAITING).cause().orElseThrow());
      await(State.CONNECTING);
      source = new FailingSource(address);
      source.accept();
      assertTrue(await(State.ARMED).cause().isEmpty());
      assertEquals(State.ARMED, standby.state());
      assertEquals(0, takeovers.get());
    }
  }

  @Test
  void takesOverOnceAndStaysSo() throws Exception {
    try (Standby standby = builder().open()) {
      source.accept();
      await(State.ARMED);
      source.failOne();
      assertEquals(State.ARMED, await(State.TAKING_OVER).previous());
      await(State.TAKEN_OVER);
      assertEquals(Watch.End.Kind.TAKEN_OVER, end(standby).kind());
      assertNull(changes.poll(100, TimeUnit.MILLISECONDS));
      assertEquals(State.TAKEN_OVER, standby.state());
      assertEquals(1, takeovers.get());
    }
    assertEquals(State.TAKEN_OVER, await(State.CLOSED).previous());
  }

  @Test
  void armsAgainAfterATakeoverWhereAsked() throws Exception {
    try (Standby standby = builder().rearmIf(end -> true).open()) {
      for (int i = 1; i <= 3; i++) {
        source.accept();
        await(State.ARMED);
        source.failOne();
        await(State.TAKEN_OVER);
        await(State.WAITING);
        assertEquals(i, takeovers.get());
      }
      assertFalse(hasEnded(standby));
    }
  }

  @Test
  void releasesTheClaimOnceItIsConnectedAgain() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().guard(request -> claim, GUARD_LIMIT).open();
        Standby unused = builder().monitor(monitor).rearmIf(end -> true).open()) {
      source.accept();
      await(State.ARMED);
      source.vanish();
      await(State.TAKEN_OVER);
      await(State.CONNECTING);
      await(State.CONNECTING);
      assertFalse(claim.isReleased());
      source = new FailingSource(address);
      source.accept();
      await(State.ARMED);
      assertTrue(claim.isReleased());
    }
  }

  @Test
  void aCallbackThatThrowsIsAFailedTakeover() throws Exception {
    IOException trouble = new IOException("no disk");
    List<Throwable> reported = new CopyOnWriteArrayList<>();
    try (KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().errorHandler((link, error) -> reported.add(error)).open();
        Standby standby =
            builder()
                .monitor(monitor)
                .onFailover(
                    failover -> {
                      throw trouble;
                    })
                .open()) {
      source.accept();
      await(State.ARMED);
      source.failOne();
      assertSame(trouble, await(State.TAKEOVER_FAILED).cause().orElseThrow());
      assertSame(trouble, end(standby).thrown().orElseThrow());
      assertEquals(List.of(trouble), reported);
      assertEquals(State.TAKEOVER_FAILED, standby.state());
    }
  }

  @Test
  void armsAgainAfterTheSourceStoodDown() throws Exception {
    source.vanish();
    try (KeepaliveServer first = KeepaliveServer.open(address);
        Standby standby = builder().options(PROBED).open()) {
      await(State.ARMED);
      first.standDown();
      await(State.WAITING);
      assertEquals(Watch.End.Kind.LEFT, ends.get(0).kind());
      first.close();
      try (KeepaliveServer unused = KeepaliveServer.open(address)) {
        await(State.ARMED);
        assertEquals(0, takeovers.get());
        standby.close();
      }
    }
  }

  @Test
  void endsAfterTheSourceStoodDownWhereAsked() throws Exception {
    try (Standby standby = builder().rearmIf(end -> false).open()) {
      source.accept();
      await(State.ARMED);
      source.send('G');
      assertEquals(State.ARMED, await(State.ENDED).previous());
      assertEquals(Watch.End.Kind.LEFT, end(standby).kind());
      assertEquals(State.ENDED, standby.state());
    }
    assertEquals(State.ENDED, await(State.CLOSED).previous());
  }

  @Test
  void armsAgainAfterAViolation() throws Exception {
    try (Standby unused = builder().open()) {
      source.accept();
      await(State.ARMED);
      source.send('x');
      await(State.WAITING);
      assertEquals(FailureCause.VIOLATED, ends.get(0).failures().get(0).cause());
      source.accept();
      await(State.ARMED);
      assertEquals(0, takeovers.get());
    }
  }

  @Test
  void armsAgainAfterADeclinedTakeover() throws Exception {
    try (KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .guard(
                    request -> {
                      throw new ClaimDeclinedException("somebody else won");
                    },
                    GUARD_LIMIT)
                .open();
        Standby unused = builder().monitor(monitor).open()) {
      source.accept();
      await(State.ARMED);
      source.failOne();
      assertEquals(State.ARMED, await(State.WAITING).previous());
      Eventually.await("its end", () -> !ends.isEmpty());
      assertEquals(Watch.End.Kind.DECLINED, ends.get(0).kind());
      source.accept();
      await(State.ARMED);
      assertEquals(0, takeovers.get());
    }
  }

  @Test
  void armsAgainAfterItsLinkWasClosed() throws Exception {
    Standby.Listener closing =
        new Recording() {
          private final AtomicInteger ups = new AtomicInteger();

          @Override
          public void onUp(LinkUpdate event) {
            if (ups.incrementAndGet() == 1) {
              event.link().close();
            }
          }
        };
    try (Standby unused = builder().listener(closing).open()) {
      await(State.WAITING);
      await(State.ARMED);
      assertEquals(Watch.End.Kind.CANCELLED, ends.get(0).kind());
      assertEquals(0, takeovers.get());
    }
  }

  @Test
  void triesAgainWhereTheSourceDeclinesThisBackup() throws Exception {
    source.vanish();
    try (KeepaliveServer server = KeepaliveServer.builder().maxConnections(1).open(address);
        Standby first = builder().options(PROBED).open()) {
      await(State.ARMED);
      try (Standby second = builder().options(PROBED).open()) {
        assertInstanceOf(SourceDeclinedException.class, await(State.WAITING).cause().orElseThrow());
        first.close();
        await(State.ARMED);
        assertEquals(State.ARMED, second.state());
      }
      server.close();
    }
  }

  @Test
  void asksForTheAddressBeforeEachAttempt() throws Exception {
    try (FailingSource other = new FailingSource();
        Standby unused = builder().open()) {
      source.accept();
      await(State.ARMED);
      address = other.address();
      source.send('x');
      other.accept();
      await(State.ARMED);
      assertEquals(0, takeovers.get());
    }
  }

  @Test
  void waitsLongerAfterEachFailureAndStartsOver() throws Exception {
    source.vanish();
    Duration longest = Duration.ofMillis(640);
    BlockingQueue<Long> toldNs = new LinkedBlockingQueue<>(); // of WAITING and CONNECTING in turn
    Recording timing =
        new Recording() {
          @Override
          public void onStateChanged(Standby.StateChange change) {
            if (change.state() == State.WAITING || change.state() == State.CONNECTING) {
              toldNs.add(System.nanoTime());
            }
            super.onStateChanged(change);
          }
        };
    try (Standby unused =
        builder().listener(timing).reconnect(Duration.ofMillis(10), longest).open()) {
      long firstNs = waitNs(toldNs);
      for (int i = 0; i < 4; i++) {
        waitNs(toldNs);
      }
      long laterNs = waitNs(toldNs);
      assertTrue(laterNs > 300_000_000 && laterNs > firstNs, firstNs + " ns, then " + laterNs);
      source = new FailingSource(address);
      source.accept();
      await(State.ARMED);
      assertNull(changes.poll(longest.toMillis() + 50, TimeUnit.MILLISECONDS));
      toldNs.clear();
      source.send('x');
      assertTrue(waitNs(toldNs) < 320_000_000, "didn't start over");
    }
  }

  /**
   * Returns how long the next wait is: 10 to 20 ms at the shortest, 320 to 640 ms at the longest.
   */
  private long waitNs(BlockingQueue<Long> toldNs) throws InterruptedException {
    await(State.WAITING);
    await(State.CONNECTING);
    return -toldNs.remove() + toldNs.remove();
  }

  @Test
  void twoStandbysShareAMonitor() throws Exception {
    try (FailingSource other = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        Standby first = builder().monitor(monitor).connect();
        Standby second =
            Standby.builder(other::address)
                .monitor(monitor)
                .onFailover(failover -> takeovers.addAndGet(100))
                .connect()) {
      source.accept();
      other.accept();
      assertEquals(2, monitor.size());
      first.close();
      assertEquals(1, monitor.size());
      other.failOne();
      assertEquals(Watch.End.Kind.TAKEN_OVER, end(second).kind());
      assertEquals(100, takeovers.get());
    }
  }

  @Test
  void connectReturnsAStandbyThatIsArmed() throws Exception {
    try (Standby standby = builder().connect()) {
      assertEquals(State.ARMED, standby.state());
      source.accept();
      source.failOne();
      await(State.TAKEN_OVER);
    }
  }

  @Test
  void connectThrowsWhatTheFirstAttemptFailedWith() throws Exception {
    source.vanish();
    assertThrows(ConnectException.class, () -> builder().connect());
    Throwable told = await(State.CLOSED).cause().orElseThrow();
    assertInstanceOf(ConnectException.class, told);
    assertTrue(changes.isEmpty(), changes::toString);
  }

  @Test
  void connectThrowsWhatTheAddressThrew() {
    IOException io = new IOException("no address");
    assertSame(io, assertThrows(IOException.class, () -> connectTo(io)));
    Exception checked = new Exception("no address");
    assertSame(checked, unknownAddress(checked).getCause());
    IllegalStateException unchecked = new IllegalStateException("no address");
    assertSame(unchecked, unknownAddress(unchecked).getCause());
    Error error = new StackOverflowError("of a resolver");
    assertSame(error, assertThrows(StackOverflowError.class, () -> connectTo(error)));
  }

  @Test
  void connectRefusesAnAddressThatIsNull() {
    assertInstanceOf(NullPointerException.class, unknownAddress(null).getCause());
  }

  private static IOException unknownAddress(Exception trouble) {
    IOException thrown = assertThrows(IOException.class, () -> connectTo(trouble));
    assertTrue(
        thrown.getMessage().startsWith("the source's address isn't known: "), thrown::toString);
    return thrown;
  }

  /** Connects to an address that isn't known: its resolver throws the trouble, or returns null. */
  private static void connectTo(Throwable trouble) throws Exception {
    Standby.builder(
            () -> {
              if (trouble instanceof Exception exception) {
                throw exception;
              }
              if (trouble instanceof Error error) {
                throw error;
              }
              return null;
            })
        .onFailover(failover -> {})
        .connect()
        .close();
  }

  @Test
  void anInterruptEndsConnect() throws Exception {
    Background<Standby> connecting =
        Background.start(() -> builder().options(patient()).connectTimeout(LONG).connect());
    source.accept(); // and never answers the first query
    awaitConnecting();
    connecting.interrupt();
    assertThrows(InterruptedException.class, connecting::get);
    await(State.CLOSED);
  }

  @Test
  void refusesWhatItCannotDo() throws Exception {
    InetSocketAddress any = address;
    assertThrows(NullPointerException.class, () -> Standby.builder(null));
    assertThrows(IllegalStateException.class, () -> Standby.builder(() -> any).open());
    assertThrows(IllegalArgumentException.class, () -> builder().reconnect(Duration.ZERO, SHORT));
    assertThrows(
        IllegalArgumentException.class, () -> builder().reconnect(SHORT, SHORT.minusNanos(1)));
    assertThrows(
        IllegalArgumentException.class, () -> builder().reconnect(SHORT, Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> builder().connectTimeout(Duration.ZERO));
    KeepaliveMonitor closed = KeepaliveMonitor.open();
    closed.close();
    assertThrows(IllegalStateException.class, () -> builder().monitor(closed).open());
  }
}
