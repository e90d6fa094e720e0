package io.github.keepalive4j.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Standby.StateChange;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LogRecords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Addresses, listeners and conditions that throw, block or interrupt. */
@SuppressWarnings("try") // resources that are only closed
class StandbyTroubleTest extends StandbyScene {
  @Test
  void survivesAnAddressThatFails() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (Standby unused =
        Standby.builder(() -> address(calls.incrementAndGet()))
            .reconnect(SHORT, SHORT)
            .listener(new Recording())
            .onFailover(failover -> takeovers.incrementAndGet())
            .open()) {
      assertEquals("no such host", await(State.WAITING).cause().orElseThrow().getMessage());
      assertInstanceOf(StackOverflowError.class, await(State.WAITING).cause().orElseThrow());
      Throwable unknown = await(State.WAITING).cause().orElseThrow();
      assertInstanceOf(NullPointerException.class, unknown.getCause());
      source.accept();
      await(State.ARMED);
    }
  }

  /** Fails in three ways, and at last leaves its thread interrupted. */
  private InetSocketAddress address(int call) throws IOException {
    switch (call) {
      case 1 -> throw new IOException("no such host");
      case 2 -> throw new StackOverflowError("of a resolver");
      case 3 -> {
        return null;
      }
      default -> {
        Thread.currentThread().interrupt();
        return address;
      }
    }
  }

  @Test
  void aListenerThatThrowsCostsNoProtection() throws Exception {
    Standby.Listener throwing =
        new Recording() {
          @Override
          public void onStateChanged(StateChange change) {
            super.onStateChanged(change);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("a listener's trouble");
          }

          @Override
          public void onUp(LinkUpdate event) {
            throw new IllegalStateException("another trouble");
          }
        };
    List<Throwable> reported = new CopyOnWriteArrayList<>();
    try (LogRecords log = LogRecords.of(Standby.class);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().errorHandler((link, error) -> reported.add(error)).open();
        Standby standby =
            builder().monitor(monitor).listener(throwing).rearmIf(end -> true).connect()) {
      source.accept();
      source.failOne();
      await(State.TAKEN_OVER);
      source.accept();
      await(State.ARMED);
      assertEquals(1, takeovers.get());
      Eventually.await("what onUp threw", () -> !reported.isEmpty());
      assertEquals("another trouble", reported.get(0).getMessage());
      Eventually.await("what the listener threw", () -> !log.messages().isEmpty());
      assertTrue(log.messages().get(0).contains("CONNECTING -> ARMED"), log.messages()::toString);
      standby.close();
    }
  }

  @Test
  void aSlowListenerHoldsUpNoTakeover() throws Exception {
    CountDownLatch tookOver = new CountDownLatch(1);
    Standby.Listener slow =
        new Recording() {
          @Override
          public void onStateChanged(StateChange change) {
            await(tookOver);
            super.onStateChanged(change);
          }
        };
    try (Standby unused =
        builder().listener(slow).onFailover(failover -> tookOver.countDown()).connect()) {
      source.accept();
      source.failOne();
      await(State.TAKEN_OVER);
    }
  }

  /** Is held up in its first {@code onUp}. */
  private final class HeldUp extends Recording {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger ups = new AtomicInteger();

    @Override
    public void onUp(LinkUpdate event) {
      if (ups.incrementAndGet() == 1) {
        held.countDown();
        await(release);
      }
    }
  }

  @Test
  void aSlowListenerOfOneLinkDoesNotChangeTheStateOfTheNext() throws Exception {
    HeldUp slow = new HeldUp();
    try (Standby standby = builder().listener(slow).rearmIf(end -> true).connect()) {
      source.accept();
      await(slow.held);
      source.failOne();
      assertEquals(State.TAKING_OVER, await(State.TAKEN_OVER).previous());
      await(State.WAITING);
      source.accept();
      await(State.ARMED);
      slow.release.countDown();
      Eventually.await("the end of the first link", () -> !ends.isEmpty());
      assertEquals(State.ARMED, standby.state());
      assertTrue(changes.isEmpty(), changes::toString);
    } finally {
      slow.release.countDown();
    }
  }

  @Test
  void aSlowListenerHidesNoFailedTakeover() throws Exception {
    HeldUp slow = new HeldUp();
    IllegalStateException trouble = new IllegalStateException("a callback's trouble");
    try (KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().errorHandler((link, error) -> {}).open();
        Standby standby =
            builder()
                .monitor(monitor)
                .listener(slow)
                .onFailover(
                    failover -> {
                      throw trouble;
                    })
                .connect()) {
      source.accept();
      await(slow.held);
      source.failOne();
      assertEquals(Watch.End.Kind.TAKEOVER_FAILED, end(standby).kind());
      assertEquals(State.TAKEOVER_FAILED, standby.state());
      StateChange last = List.copyOf(changes).get(changes.size() - 1);
      assertEquals(State.TAKEOVER_FAILED, last.state());
      assertSame(trouble, last.cause().orElseThrow());
      assertEquals(List.of(), ends);
      slow.release.countDown();
      Eventually.await("the end of the link", () -> ends.size() == 1);
    } finally {
      slow.release.countDown();
    }
  }

  @Test
  void aConditionThatThrowsLeavesTheDefault() throws Exception {
    try (LogRecords log = LogRecords.of(Standby.class);
        Standby standby =
            builder()
                .rearmIf(
                    end -> {
                      throw new IllegalStateException("a condition's trouble");
                    })
                .connect()) {
      source.accept();
      source.send('x');
      await(State.WAITING);
      source.accept();
      await(State.ARMED);
      source.failAll();
      assertEquals(Watch.End.Kind.TAKEN_OVER, end(standby).kind());
      Eventually.await("both lines", () -> log.messages().size() == 2);
    }
  }

  @Test
  void whereNobodyListensTroubleIsLoggedOnce() throws Exception {
    source.vanish();
    AtomicInteger attempts = new AtomicInteger();
    try (LogRecords log = LogRecords.of(Standby.class);
        Standby unused =
            Standby.builder(
                    () -> {
                      attempts.incrementAndGet();
                      return address;
                    })
                .reconnect(SHORT, SHORT)
                .onFailover(failover -> {})
                .open()) {
      Eventually.await("some attempts", () -> attempts.get() >= 4);
      source = new FailingSource(address);
      source.accept();
      Eventually.await("an armed standby", () -> unused.state() == State.ARMED);
      Eventually.await("a line", () -> !log.messages().isEmpty());
      assertEquals(1, log.messages().size(), log.messages()::toString);
      assertTrue(log.messages().get(0).contains("refused"), log.messages()::toString);
      source.send('G');
      Eventually.await("an end", () -> log.messages().size() == 2);
      assertTrue(log.messages().get(1).contains("LEFT"), log.messages()::toString);
    }
  }
}
