package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.support.EpollFault;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A monitor's metrics while its links open and fail. */
@Timeout(60)
class KeepaliveMonitorMetricsTest {
  private static final double AMPLE_S = 30;
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration CALLBACK = Duration.ofMillis(20);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final KeepaliveMonitorMetrics metrics = new KeepaliveMonitorMetrics(registry);
  private FailingSource source;
  private KeepaliveMonitor monitor;

  @BeforeEach
  void open() throws Exception {
    source = new FailingSource();
    monitor = KeepaliveMonitor.builder().listener(metrics).errorHandler((link, e) -> {}).open();
  }

  private static String peer(FailingSource source) {
    return "127.0.0.1:" + source.address().getPort();
  }

  @AfterEach
  void close() throws Exception {
    monitor.close();
    source.close();
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  private double links(String state) {
    return gauge("keepalive.links", "state", state);
  }

  private List<Meter.Id> ofPeers() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> id.getTag("peer") != null)
        .toList();
  }

  @Test
  void aLiveLinkShowsTheKernelsFigures() throws Exception {
    KeepaliveSocket link = source.connectLink();
    monitor.watch(link, failure -> {});
    assertEquals(1, links("up"));
    assertEquals(0, links("suspect"));
    double silence = gauge("keepalive.link.silence", "peer", peer(source));
    assertTrue(silence >= 0 && silence < AMPLE_S, silence + " s");
    double rtt = gauge("keepalive.link.rtt", "peer", peer(source));
    assertEquals(link.tcpInfo().rtt().toNanos() / 1e9, rtt, 1e-9);
    assertEquals(0, gauge("keepalive.link.probes.unanswered", "peer", peer(source)));
    assertEquals(0, gauge("keepalive.last.decline.timestamp"));
  }

  @Test
  void aFailedLinkIsNotWatchedAnyMore() throws Exception {
    assertFalse(metrics.isWatching());
    CountDownLatch failed = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    monitor.watch(
        source.connectLink(),
        failover -> {
          failed.countDown();
          mayEnd.await();
        });
    assertTrue(metrics.isWatching());
    source.failAll();
    assertTrue(failed.await(30, TimeUnit.SECONDS));
    assertEquals(1, links("failed"));
    assertFalse(metrics.isWatching());
    mayEnd.countDown();
  }

  @Test
  void aMonitorThatCannotWaitIsFailing() throws Exception {
    assertEquals(1, gauge("keepalive.monitors", "state", "working"));
    CountDownLatch called = new CountDownLatch(1);
    try (EpollFault epoll = new EpollFault();
        KeepaliveMonitor failing =
            KeepaliveMonitor.builder().listener(metrics).errorHandler((link, e) -> {}).open()) {
      assertEquals(2, gauge("keepalive.monitors", "state", "working"));
      assertEquals(0, gauge("keepalive.monitors", "state", "failing"));
      failing.watch(source.connectLink(), failover -> called.countDown());
      epoll.begin();
      source.failOne();
      Eventually.await("it fails", () -> gauge("keepalive.monitors", "state", "failing") == 1);
      assertEquals(1, gauge("keepalive.monitors", "state", "working"));
      epoll.end();
      called.await();
    }
    monitor.close();
    assertEquals(0, gauge("keepalive.monitors", "state", "working"));
    assertEquals(0, gauge("keepalive.monitors", "state", "failing"));
  }

  @Test
  void aFailoverIsCountedByItsCauseAndTimed() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicReference<Failure> verdict = new AtomicReference<>();
    monitor.watch(
        source.connectLink(),
        failover -> {
          verdict.set(failover.failure());
          running.countDown();
          goOn.await();
          Thread.sleep(CALLBACK.toMillis());
        });
    long startNs = System.nanoTime();
    source.resetOne();
    running.await();
    assertEquals(0, links("up"));
    assertEquals(1, links("failed"));
    goOn.countDown();
    awaitNoLinks();
    assertEquals(1, counter("keepalive.failovers", "cause", "reset"));
    assertEquals(0, counter("keepalive.failovers", "cause", "closed"));
    double delayNs =
        registry.get("keepalive.failover.delay").timer().totalTime(TimeUnit.NANOSECONDS);
    assertEquals((double) (verdict.get().callbackNs() - verdict.get().verdictNs()), delayNs, 1);
    assertEquals(1, timed("success"));
    assertEquals(0, timed("error"));
    double took =
        registry
            .get("keepalive.failover.callback")
            .tag("outcome", "success")
            .timer()
            .totalTime(TimeUnit.MILLISECONDS);
    double elapsed = (System.nanoTime() - startNs) / 1e6;
    assertTrue(took >= CALLBACK.toMillis() && took <= elapsed, took + " of " + elapsed + " ms");
  }

  private long timed(String outcome) {
    return registry.get("keepalive.failover.callback").tag("outcome", outcome).timer().count();
  }

  /** The end of a link is reported last. */
  private void awaitNoLinks() {
    while (links("up") + links("suspect") + links("failed") > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aSourceThatAnswersAgainIsCountedAndItsFreshLinkIsUp() throws Exception {
    try (KeepaliveMonitor confirming =
        KeepaliveMonitor.builder().listener(metrics).confirm(AMPLE).open()) {
      KeepaliveSocket link = source.connectLink();
      confirming.watch(link, failure -> {});
      source.resetOne();
      source.accept();
      Eventually.await("the former link's end", () -> !link.isOpen() && links("failed") == 0);
      assertEquals(1, counter("keepalive.confirmed"));
      assertEquals(1, links("up"));
      assertEquals(0, counter("keepalive.failovers", "cause", "reset"));
    }
  }

  @Test
  void aCallbackThatThrowsIsAnError() throws Exception {
    monitor.watch(
        source.connectLink(),
        failure -> {
          throw new IllegalStateException("boom");
        });
    source.failOne();
    awaitNoLinks();
    assertEquals(1, counter("keepalive.failovers", "cause", "closed"));
    assertEquals(1, timed("error"));
  }

  @Test
  void aGroupFailsOverOnce() throws Exception {
    List<KeepaliveSocket> links = List.of(source.connectLink(), source.connectLink());
    monitor.watchAll(links, FailoverPolicy.all(), failover -> {});
    assertEquals(2, links("up"));
    source.failOne();
    Eventually.await("the first verdict", () -> links("up") == 1);
    source.resetOne();
    awaitNoLinks();
    assertEquals(1, counter("keepalive.failovers", "cause", "reset"));
    assertEquals(0, counter("keepalive.failovers", "cause", "closed"));
  }

  @Test
  void lateLinesOfTheJournalAreCounted() throws Exception {
    KeepaliveSocket link = source.connectLink();
    monitor.watch(link, failure -> {});
    metrics.onJournalLate(new LinkListener.JournalDelay(link, "verdict"));
    metrics.onJournalLate(new LinkListener.JournalDelay(link, "granted"));
    assertEquals(2, counter("keepalive.journal.late"));
  }

  @Test
  void anUnknownByteIsAViolationAndCausesNoFailover() throws Exception {
    monitor.watch(source.connectLink(), failure -> {});
    source.send('?');
    awaitNoLinks();
    assertEquals(1, counter("keepalive.violations"));
    assertEquals(
        0,
        registry.find("keepalive.failovers").counters().stream()
            .mapToDouble(each -> each.count())
            .sum());
  }

  @Test
  void aGuardThatDeclinesIsCounted() throws Exception {
    try (KeepaliveMonitor guarded =
        KeepaliveMonitor.builder()
            .listener(metrics)
            .guard(
                request -> {
                  throw new ClaimDeclinedException("no");
                },
                AMPLE)
            .open()) {
      guarded.watch(source.connectLink(), failure -> {});
      source.failOne();
      awaitNoLinks();
    }
    assertEquals(1, counter("keepalive.failovers.declined"));
    double agoS = System.currentTimeMillis() / 1e3 - gauge("keepalive.last.decline.timestamp");
    assertTrue(agoS >= 0 && agoS < AMPLE_S, agoS + " s");
    assertEquals(0, counter("keepalive.failovers", "cause", "closed"));
  }

  @Test
  void suspicionChangesALinksStateAndLateEventsAreIgnored() throws Exception {
    KeepaliveSocket link = source.connectLink();
    monitor.watch(link, failure -> {});
    metrics.onSuspect(new LinkListener.LinkUpdate(link, 2));
    assertEquals(1, links("suspect"));
    assertEquals(0, links("up"));
    assertTrue(metrics.isWatching());
    metrics.onRecovered(new LinkListener.LinkUpdate(link, 0));
    assertEquals(1, links("up"));
    link.close();
    metrics.onSuspect(new LinkListener.LinkUpdate(link, 2));
    assertEquals(0, links("suspect"));
  }

  @Test
  void aPeersGaugesEndWithItsLastLink() throws Exception {
    KeepaliveSocket first = source.connectLink();
    KeepaliveSocket second = source.connectLink();
    monitor.watch(first, failure -> {});
    monitor.watch(second, failure -> {}, new LinkListener() {});
    assertEquals(3, ofPeers().size());
    first.close();
    assertEquals(3, ofPeers().size());
    assertTrue(monitor.unwatch(second));
    assertEquals(List.of(), ofPeers());
    second.close();
  }

  @Test
  void theLimitAppliesToPeersNotLinks() throws Exception {
    SimpleMeterRegistry bounded = new SimpleMeterRegistry();
    FailoverCallback none = failure -> {};
    try (FailingSource other = new FailingSource();
        KeepaliveMonitor limited =
            KeepaliveMonitor.builder()
                .listener(new KeepaliveMonitorMetrics(bounded, Tags.of("site", "a"), 1))
                .open()) {
      KeepaliveSocket first = source.connectLink();
      limited.watch(first, none);
      limited.watch(other.connectLink(), none);
      assertEquals(2, bounded.get("keepalive.links").tags("state", "up").gauge().value());
      assertEquals(1, bounded.find("keepalive.link.rtt").tags("site", "a").gauges().size());
      assertNull(bounded.find("keepalive.link.rtt").tags("peer", peer(other)).gauge());
      first.close();
      limited.watch(other.connectLink(), none);
      assertEquals(1, bounded.find("keepalive.link.rtt").tags("peer", peer(other)).gauges().size());
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new KeepaliveMonitorMetrics(bounded, Tags.empty(), -1))
            .getMessage();
    assertEquals("maxPeers -1 is not from 0", message);
  }
}
