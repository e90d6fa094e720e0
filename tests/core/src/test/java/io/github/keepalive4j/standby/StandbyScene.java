package io.github.keepalive4j.standby;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Standby.StateChange;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of a standby share: a source, and the certainty that nothing stays open. */
@Timeout(60)
abstract class StandbyScene {
  static final Duration SHORT = Duration.ofMillis(5);
  static final Duration LONG = Duration.ofMinutes(10);

  final BlockingQueue<StateChange> changes = new LinkedBlockingQueue<>();
  final List<Watch.End> ends = new CopyOnWriteArrayList<>();
  final AtomicInteger takeovers = new AtomicInteger();
  FailingSource source;
  volatile InetSocketAddress address;
  private int descriptors;

  /** Writes down what a standby tells. */
  class Recording implements Standby.Listener {
    @Override
    public void onStateChanged(StateChange change) {
      changes.add(change);
    }

    @Override
    public void onEnded(Watch.End end) {
      ends.add(end);
    }
  }

  @BeforeEach
  void openSource() throws Exception {
    KeepaliveMonitor.open().close(); // what loads only once
    descriptors = Descriptors.count();
    source = new FailingSource();
    address = source.address();
  }

  @AfterEach
  void nothingIsLeftOpen() throws Exception {
    source.close();
    Descriptors.assertBackTo(descriptors);
    Eventually.await("the end of the standby's thread", () -> threads() == 0);
  }

  static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("keepalive-standby-"))
        .count();
  }

  Standby.Builder builder() {
    return Standby.builder(() -> address)
        .reconnect(SHORT, SHORT.multipliedBy(4))
        .listener(new Recording())
        .onFailover(failover -> takeovers.incrementAndGet());
  }

  /** Waits until a standby's listener hears of a state. */
  StateChange await(State state) throws InterruptedException {
    while (true) {
      StateChange change = changes.poll(10, TimeUnit.SECONDS);
      assertNotNull(change, "no change to " + state);
      if (change.state() == state) {
        return change;
      }
    }
  }

  static Watch.End end(Standby standby) throws Exception {
    return standby.ended().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  static boolean hasEnded(Standby standby) {
    return standby.ended().toCompletableFuture().isDone();
  }

  static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
