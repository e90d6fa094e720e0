package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.support.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a watch, a link or a monitor while a source is tried again. */
@Timeout(60)
class ConfirmCloseTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration QUIET = Duration.ofMillis(700);
  private static final int ROUNDS = 100;
  private static final long MAX_DELAY_NS = 3_000_000;

  private final Recorder recorder = new Recorder();

  private interface Closing {
    void close(KeepaliveMonitor monitor, Watch watch, KeepaliveSocket link);
  }

  private static final List<Closing> CLOSINGS =
      List.of(
          (monitor, watch, link) -> watch.close(),
          (monitor, watch, link) -> link.close(),
          (monitor, watch, link) -> monitor.unwatch(link),
          (monitor, watch, link) -> monitor.close());

  private static KeepaliveMonitor open() throws IOException {
    return KeepaliveMonitor.builder().confirm(AMPLE).open();
  }

  @Test
  void closingEndsTheAttemptsToASourceThatRefuses() throws Exception {
    for (Closing closing : CLOSINGS) {
      try (KeepaliveMonitor monitor = open();
          FailingSource gone = new FailingSource()) {
        KeepaliveSocket link = gone.connectLink();
        InetSocketAddress address = gone.address();
        Watch watch = monitor.watch(link, recorder);
        gone.vanish();
        Eventually.await("confirming", () -> watch.linkStates().get(link) == LinkState.CONFIRMING);
        closing.close(monitor, watch, link);
        try (FailingSource back = new FailingSource(address)) {
          assertFalse(back.acceptWithin(QUIET));
        }
        assertCancelled(watch);
        assertEquals(0, monitor.size());
        link.close();
      }
    }
  }

  @Test
  void closingEndsAnAttemptUnderWay() throws Exception {
    for (Closing closing : CLOSINGS) {
      try (KeepaliveMonitor monitor = open();
          Unanswering silent = new Unanswering()) {
        LinkPair pair = silent.connect();
        Watch watch = monitor.watch(pair.link(), recorder);
        pair.finish();
        silent.awaitAttempt();
        long startNs = System.nanoTime();
        closing.close(monitor, watch, pair.link());
        long tookNs = System.nanoTime() - startNs;
        assertTrue(tookNs < Duration.ofSeconds(1).toNanos(), tookNs + " ns");
        silent.awaitNoAttempt();
        assertCancelled(watch);
        pair.close();
      }
    }
  }

  private void assertCancelled(Watch watch) throws Exception {
    Watch.End end = Waiting.endOf(watch);
    assertEquals(Kind.CANCELLED, end.kind());
    assertEquals(List.of(), recorder.calls());
  }

  @Test
  void closingAWatchClosesItsFreshLink() throws Exception {
    try (KeepaliveMonitor monitor = open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), recorder, recorder);
      pair.reset();
      source.accept();
      KeepaliveSocket fresh = confirmed(monitor, watch);
      watch.close();
      assertFalse(fresh.isOpen());
      assertEquals(0, monitor.size());
    }
  }

  @Test
  void aFreshLinkThatIsTakenBackStaysOpen() throws Exception {
    try (KeepaliveMonitor monitor = open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), recorder, recorder);
      pair.reset();
      source.accept();
      KeepaliveSocket fresh = confirmed(monitor, watch);
      assertTrue(monitor.unwatch(fresh));
      Eventually.assertNever("its end", () -> fresh.classify().isPresent());
      assertEquals(Kind.CANCELLED, Waiting.endOf(watch).kind());
      fresh.close();
    }
  }

  @Test
  void closingWaitsForAListener() throws Exception {
    for (String call : List.of("verdict", "confirmed")) {
      Holder holder = new Holder(call);
      KeepaliveMonitor monitor = KeepaliveMonitor.builder().confirm(AMPLE).listener(holder).open();
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder);
      pair.reset();
      assertTrue(holder.running.await(10, TimeUnit.SECONDS));
      assertFalse(monitor.close(Duration.ofMillis(50)), call);
      holder.release.countDown();
      assertTrue(monitor.close(AMPLE), call);
    }
  }

  /** A listener that one of its calls doesn't return from. */
  private static final class Holder implements MonitorListener {
    final CountDownLatch running = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    private final String held;

    Holder(String held) {
      this.held = held;
    }

    @Override
    public void onVerdict(Failure failure) {
      hold("verdict");
    }

    @Override
    public void onConfirmed(LinkListener.Confirmation confirmation) {
      hold("confirmed");
    }

    private void hold(String call) {
      if (call.equals(held)) {
        running.countDown();
        assertDoesNotThrow(() -> release.await());
      }
    }
  }

  private KeepaliveSocket confirmed(KeepaliveMonitor monitor, Watch watch) throws Exception {
    recorder.await("confirmed RESET");
    Eventually.await("one link", () -> monitor.size() == 1);
    return watch.linkStates().keySet().iterator().next();
  }

  /**
   * Whatever the closing meets: the verdict, an attempt, its answer, or the fresh link's arming.
   */
  @Test
  void closingAtAnyMomentLeavesNothingBehind() throws Exception {
    Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
    try (Acceptor acceptor = new Acceptor(accepted)) {
      for (int round = 0; round < ROUNDS; round++) {
        Closing closing = CLOSINGS.get(round % CLOSINGS.size());
        try (KeepaliveMonitor monitor = open()) {
          KeepaliveSocket link =
              KeepaliveSocket.connect(acceptor.address(), KeepaliveOptions.defaults());
          Watch watch = monitor.watch(link, recorder);
          Eventually.await("accepted", () -> !accepted.isEmpty());
          accepted.remove().close();
          long delayNs = ThreadLocalRandom.current().nextLong(MAX_DELAY_NS);
          TimeUnit.NANOSECONDS.sleep(delayNs);
          closing.close(monitor, watch, link);
          watch.close();
          link.close();
          assertEquals(0, monitor.size(), "round " + round);
        }
        for (Socket left = accepted.poll(); left != null; left = accepted.poll()) {
          left.setSoTimeout(10_000);
          assertEquals(-1, left.getInputStream().read(), "round " + round);
          left.close();
        }
      }
    }
    assertEquals(List.of(), recorder.calls());
  }

  /** Accepts whoever comes. */
  private static final class Acceptor implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

    private final Queue<Socket> accepted;
    private final CountDownLatch ended = new CountDownLatch(1);

    Acceptor(Queue<Socket> accepted) throws IOException {
      this.accepted = accepted;
      new Thread(this::run).start();
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void run() {
      try {
        while (true) {
          accepted.add(listener.accept());
        }
      } catch (IOException e) {
        ended.countDown();
      }
    }

    /** Closes what was accepted late, too. */
    @Override
    public void close() throws IOException {
      listener.close();
      Waiting.awaitThoughInterrupted(ended);
      for (Socket left = accepted.poll(); left != null; left = accepted.poll()) {
        left.close();
      }
    }
  }
}
