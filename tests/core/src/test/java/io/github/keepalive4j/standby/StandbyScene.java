package io.github.keepalive4j.standby;

import static java.lang.Thread.State.TIMED_WAITING;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Standby.StateChange;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
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
    try {
      awaitNoThread(); // before the source helps
    } finally {
      source.close();
    }
    Descriptors.assertBackTo(descriptors);
  }

  static void awaitNoThread() throws Exception {
    Eventually.await("the end of the standby's thread", () -> threadsThat(thread -> true) == 0);
  }

  private static long threadsThat(Predicate<Thread> condition) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("keepalive-standby-"))
        .filter(condition)
        .count();
  }

  /** Waits until a standby's thread is in the pause between two attempts. */
  static void awaitPause() throws Exception {
    Eventually.await(
        "a pause", () -> threadsThat(thread -> thread.getState() == TIMED_WAITING) > 0);
  }

  /** Waits until a standby's thread waits in the kernel for a source to answer. */
  static void awaitConnecting() throws Exception {
    Eventually.await("an attempt", () -> threadsThat(StandbyScene::isConnecting) > 0);
  }

  private static boolean isConnecting(Thread thread) {
    StackTraceElement[] frames = thread.getStackTrace();
    return frames.length > 0
        && frames[0].isNativeMethod()
        && Arrays.stream(frames).anyMatch(frame -> frame.getMethodName().equals("connectTo"));
  }

  /** With these an attempt waits for the first answer longer than a test for anything. */
  static KeepaliveOptions patient() {
    return KeepaliveOptions.detectWithin(Duration.ofSeconds(40), Liveness.PROCESS);
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
