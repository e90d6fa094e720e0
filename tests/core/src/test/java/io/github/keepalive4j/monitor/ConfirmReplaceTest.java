package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Recorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links that a confirmation opened, and fresh links that take another one's place. */
@Timeout(60)
class ConfirmReplaceTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final Recorder recorder = new Recorder();
  private KeepaliveMonitor monitor;

  @BeforeEach
  void openMonitor() throws Exception {
    monitor = KeepaliveMonitor.builder().confirm(AMPLE).open();
  }

  @AfterEach
  void closeMonitor() {
    monitor.close();
  }

  private static KeepaliveSocket onlyLink(Watch watch) {
    return watch.linkStates().keySet().iterator().next();
  }

  /** Watches a link that a confirmation opens. */
  private Watch watchConfirmed() throws Exception {
    LinkPair pair = source.connect();
    Watch watch = monitor.watch(pair.link(), recorder, recorder);
    pair.reset();
    source.accept();
    awaitConfirmed(watch, pair.link());
    return watch;
  }

  private void awaitConfirmed(Watch watch, KeepaliveSocket former) throws Exception {
    Eventually.await(
        "confirmed", () -> onlyLink(watch) != former && monitor.size() == 1 && !former.isOpen());
    assertEquals(List.of(LinkState.UP), List.copyOf(watch.linkStates().values()));
  }

  /** Brings a link whose end is known, as its owner has asked for it. */
  private LinkPair ended() throws Exception {
    LinkPair pair = source.connect();
    pair.finish();
    Eventually.await("the verdict", () -> pair.link().classify().isPresent());
    return pair;
  }

  @Test
  void aFreshLinkThatWasTakenBackOutlivesItsWatch() throws Exception {
    Watch watch = watchConfirmed();
    KeepaliveSocket fresh = onlyLink(watch);
    assertTrue(monitor.unwatch(fresh));
    try (KeepaliveMonitor other = KeepaliveMonitor.open()) {
      Watch second = other.watch(fresh, new Recorder());
      watch.close();
      assertTrue(fresh.isOpen());
      assertEquals(LinkState.UP, second.linkStates().get(fresh));
      assertFalse(second.ended().toCompletableFuture().isDone());
      second.close();
    }
    fresh.close();
  }

  @Test
  void aFreshLinkThatIsReplacedIsClosed() throws Exception {
    Watch watch = watchConfirmed();
    KeepaliveSocket fresh = onlyLink(watch);
    LinkPair later = source.connect();
    watch.replace(fresh, later.link());
    assertFalse(fresh.isOpen());
    assertEquals(LinkState.UP, watch.linkStates().get(later.link()));
    watch.close();
    later.close();
  }

  @Test
  void aReplacementThatHasEndedIsConfirmed() throws Exception {
    LinkPair old = source.connect();
    Watch watch = monitor.watch(old.link(), recorder);
    LinkPair ended = ended();
    watch.replace(old.link(), ended.link());
    source.accept();
    awaitConfirmed(watch, ended.link());
    assertEquals(List.of(), recorder.calls());
    watch.close();
    old.close();
  }

  @Test
  void aReplacementThatHasEndedFailsAfterTheTime() throws Exception {
    try (KeepaliveMonitor soon = KeepaliveMonitor.builder().confirm(SHORT).open()) {
      LinkPair old = source.connect();
      Watch watch = soon.watch(old.link(), recorder);
      LinkPair ended = ended();
      source.vanish();
      long startNs = System.nanoTime();
      watch.replace(old.link(), ended.link());
      assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
      assertTrue(System.nanoTime() - startNs >= SHORT.toNanos());
      assertEquals(List.of("failover CLOSED"), recorder.calls());
      old.close();
    }
  }
}
