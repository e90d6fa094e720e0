package io.github.keepalive4j;

import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.JdkRoute;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.jfr.FlightEvents;
import io.github.keepalive4j.internal.testing.OverLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a failover in advance, on a link that was never connected. Otherwise a program's only
 * failover would run its code for the first time. Loading the classes and linking the lambdas takes
 * a JVM 1 to 30 ms, more than fast detection itself.
 */
final class Warmup {
  private static final AtomicBoolean BEGUN = new AtomicBoolean();
  private static final AtomicBoolean FLIGHT_BEGUN = new AtomicBoolean();
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9); // nothing is sent to it

  private Warmup() {}

  /** Warms up, unless that has been done in this JVM. */
  static void warmUp() throws IOException {
    if (BEGUN.compareAndSet(false, true)) {
      failOver(null);
      failOver(Runnable::run);
      warmUpQuestions();
    }
  }

  /** What a callback is likely to ask for. The shim's part is warm once it has been tried. */
  private static void warmUpQuestions() {
    if (Transport.selected() == Transport.JDK) {
      var unused = JdkRoute.check(NOBODY, NOBODY);
    }
  }

  /** Makes the flight recorder's events, unless that has been done in this JVM. */
  static void warmUpFlight() {
    if (FLIGHT_BEGUN.compareAndSet(false, true)) {
      KeepaliveSocket link = KeepaliveSocket.over(NOBODY, new OverLink(NOBODY));
      LinkEvent reset =
          LinkEvent.withoutEvidence(
              LinkEvent.Type.FAILED, FailureCause.RESET, Errno.ECONNRESET.number(), 0);
      Failure failure = new Failure(link, reset, System.nanoTime());
      FlightEvents.warmUp(new Failover(List.of(failure), null));
    }
  }

  /**
   * Is suspect, recovers and fails over without a listener, then with one, on an executor or (null)
   * on the default one.
   */
  static void failOver(@Nullable Executor executor) throws IOException {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.openForWarmup(executor)) {
      CountDownLatch callbacks = new CountDownLatch(2);
      FailoverCallback callback = failure -> callbacks.countDown();
      fail(newGroup(monitor, callback, null));
      fail(newGroup(monitor, callback, new LinkListener() {}));
      await(callbacks);
    }
  }

  private static KeepaliveSocket unconnected() {
    return KeepaliveSocket.open(KeepaliveOptions.defaults());
  }

  private static LinkGroup newGroup(
      KeepaliveMonitor monitor, FailoverCallback callback, @Nullable LinkListener listener) {
    return new LinkGroup(monitor, unconnected(), callback, listener, monitor.arm());
  }

  private static void fail(LinkGroup group) throws IOException {
    WatchedLink watch = group.links().get(0);
    watch.arm(() -> {});
    watch.on(event(LinkEvent.Type.SUSPECT));
    watch.on(event(LinkEvent.Type.RECOVERED));
    watch.on(LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, FailureCause.RESET, 0, 0));
  }

  private static LinkEvent event(LinkEvent.Type type) {
    return LinkEvent.withoutEvidence(type, null, 0, 0);
  }

  private static void await(CountDownLatch callbacks) {
    try {
      callbacks.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // half a warm-up does no harm
    }
  }
}
