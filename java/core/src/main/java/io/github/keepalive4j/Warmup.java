package io.github.keepalive4j;

import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.JdkRoute;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Recurrence;
import io.github.keepalive4j.internal.guard.GuardSetting;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.internal.jfr.FlightEvents;
import io.github.keepalive4j.internal.standby.Arming;
import io.github.keepalive4j.internal.standby.Progress;
import io.github.keepalive4j.internal.testing.OverLink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs a failover in advance, on a link that was never connected. Otherwise a program's only
 * failover would run its code for the first time. Loading the classes and linking the lambdas takes
 * a JVM 1 to 30 ms, more than fast detection itself. It is done again each minute in which a
 * monitor is open, because what isn't used for a week leaves the caches and the memory.
 */
final class Warmup implements AutoCloseable {
  /** For the threads of all monitors, which hand it to a thread of its own. */
  static final Recurrence REPETITION =
      new Recurrence(Duration.ofMinutes(1), Warmup::repeatOnThread);

  private static final AtomicBoolean BEGUN = new AtomicBoolean();
  private static final AtomicBoolean REPEATING = new AtomicBoolean();
  private static final AtomicBoolean FLIGHT_BEGUN = new AtomicBoolean();
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9); // nothing is sent to it

  /** Ample for a call; without a thread for it, it never comes. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Flight.@Nullable Subscription flight; // guarded by this; null unless it has begun

  /** Warms up, unless that has been done in this JVM. Until it is closed, a recording does, too. */
  void begin() throws IOException {
    Flight.Subscription subscription = Flight.onRecording(Warmup::warmUpFlight);
    synchronized (this) {
      flight = subscription;
    }
    if (BEGUN.compareAndSet(false, true)) {
      failOverAll();
      warmUpQuestions();
    }
  }

  @Override
  public void close() {
    Flight.Subscription subscription;
    synchronized (this) {
      subscription = flight;
      flight = null;
    }
    if (subscription != null) {
      subscription.close();
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
      makeFlightEvents();
    }
  }

  private static void makeFlightEvents() {
    KeepaliveSocket link = KeepaliveSocket.over(NOBODY, new OverLink(NOBODY));
    LinkEvent reset =
        LinkEvent.withoutEvidence(
            LinkEvent.Type.FAILED, FailureCause.RESET, Errno.ECONNRESET.number(), 0);
    Failure failure = new Failure(link, reset, System.nanoTime());
    FlightEvents.warmUp(new Failover(List.of(failure), null));
  }

  /** One that hangs, as on the disk of a class, is left alone: no more of them begin. */
  static void repeatOnThread() {
    if (!REPEATING.compareAndSet(false, true)) {
      return;
    }
    Thread thread = new Thread(Warmup::repeatOnce, "keepalive-warmup");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (Throwable e) { // no thread is to be had: the next one, perhaps
      REPEATING.set(false);
    }
  }

  private static void repeatOnce() {
    repeat();
    REPEATING.set(false);
  }

  /** Warms up again. Nobody hears of it: no listener, no journal, no recording. */
  static void repeat() {
    try {
      failOverAll();
      if (Flight.isOn()) {
        makeFlightEvents();
      }
    } catch (Throwable e) { // no descriptor or thread is left for it: for the next one, perhaps
      return;
    }
  }

  /** Fails over on the default executor, then on the monitor's thread, then past a guard. */
  static void failOverAll() throws IOException {
    failOver(KeepaliveMonitor.builder());
    failOver(KeepaliveMonitor.builder().executor(Runnable::run));
    failOverGuarded();
  }

  /** Is suspect, recovers and fails over without a listener, then with one. */
  private static void failOver(KeepaliveMonitor.Builder builder) throws IOException {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.openForWarmup(builder)) {
      CountDownLatch calls = new CountDownLatch(3);
      FailoverCallback callback = failover -> calls.countDown();
      fail(newGroup(monitor, callback, null));
      fail(newGroup(monitor, callback, new EndListener(calls)));
      await(calls);
    }
  }

  /** Hears of the end. */
  private record EndListener(CountDownLatch calls) implements LinkListener {
    @Override
    public void onEnded(Watch.End end) {
      calls.countDown();
    }
  }

  private static LinkGroup newGroup(
      KeepaliveMonitor monitor, FailoverCallback callback, @Nullable LinkListener listener) {
    KeepaliveSocket unconnected = KeepaliveSocket.open(KeepaliveOptions.defaults());
    return new LinkGroup(monitor, unconnected, callback, listener, monitor.arm());
  }

  /** Fails over as a standby with a guard and a journal, all on this thread. */
  private static void failOverGuarded() throws IOException {
    TakeoverGuard guard = request -> Claim.lasting("warm-up");
    GuardSetting setting = GuardSetting.of(guard, LIMIT, ClaimRequest::new).forWarmup();
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder().executor(Runnable::run);
    try (Journal journal = Journal.openForWarmup();
        KeepaliveMonitor monitor = KeepaliveMonitor.openForWarmup(builder.journal(journal))) {
      KeepaliveSocket link = KeepaliveSocket.over(NOBODY, new OverLink(NOBODY));
      FailoverCallback callback = newArming(failover -> {});
      fail(new LinkGroup(monitor, link, callback, new LinkListener() {}, setting.arm()));
    }
  }

  private static Arming newArming(FailoverCallback callback) {
    Standby.Listener listener = new Standby.Listener() {};
    return new Arming(new Progress(listener, Runnable::run), callback, listener);
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

  private static void await(CountDownLatch calls) {
    try {
      boolean unused = calls.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // half a warm-up does no harm
    }
  }
}
