package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link between its verdict and the end of its callback: is it watched, can it be taken back? */
class FailedLinkTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger callbacks = new AtomicInteger();

  private void block() throws InterruptedException {
    begun.countDown();
    assertTrue(release.await(10, TimeUnit.SECONDS));
  }

  private KeepaliveMonitor guarded() throws Exception {
    return KeepaliveMonitor.builder()
        .guard(
            request -> {
              block();
              return Claim.lasting("yours");
            },
            AMPLE)
        .open();
  }

  private static Kind endOf(Watch watch) throws Exception {
    return Waiting.endOf(watch).kind();
  }

  private static void awaitEmpty(KeepaliveMonitor monitor) throws Exception {
    Eventually.await("an empty monitor", () -> monitor.size() == 0);
  }

  @Test
  void itCountsAndCanNotBeTakenBackWhileItsCallbackRuns() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), failover -> block());
      pair.finish();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      assertEquals(1, monitor.size());
      assertFalse(monitor.unwatch(pair.link()));
      release.countDown();
      assertEquals(Kind.TAKEN_OVER, endOf(watch));
      awaitClosed(pair.link());
      awaitEmpty(monitor);
    }
  }

  @Test
  void itCountsWhileItsGuardIsAsked() throws Exception {
    try (KeepaliveMonitor monitor = guarded()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failover -> callbacks.incrementAndGet());
      pair.finish();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      assertEquals(1, monitor.size());
      release.countDown();
      awaitEmpty(monitor);
      assertEquals(1, callbacks.get());
    }
  }

  @Test
  void itCanBeTakenBackWhileItsGuardIsAsked() throws Exception {
    try (KeepaliveMonitor monitor = guarded()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), failover -> callbacks.incrementAndGet());
      pair.finish();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      assertTrue(monitor.unwatch(pair.link()));
      release.countDown();
      assertEquals(Kind.CANCELLED, endOf(watch));
      assertTrue(pair.link().isOpen());
      Eventually.assertNever("a callback", () -> callbacks.get() > 0);
      pair.close();
    }
  }

  @Test
  void itCanNotBeTakenBackWhileTheGuardOfAGroupIsAsked() throws Exception {
    try (KeepaliveMonitor monitor = guarded()) {
      LinkPair pair = source.connect();
      LinkPair other = source.connect();
      Watch watch =
          monitor.watchAll(
              List.of(pair.link(), other.link()),
              FailoverPolicy.atLeast(1),
              failover -> callbacks.incrementAndGet());
      pair.finish();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      assertFalse(monitor.unwatch(pair.link()));
      release.countDown();
      assertEquals(Kind.TAKEN_OVER, endOf(watch));
      assertEquals(1, callbacks.get());
      awaitClosed(pair.link());
      other.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itCanBeTakenBackWhileItsVerdictIsTold(boolean kept, @TempDir Path folder) throws Exception {
    MonitorListener slow =
        new MonitorListener() {
          @Override
          public void onVerdict(Failure failure) {
            assertDoesNotThrow(FailedLinkTest.this::block);
          }
        };
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder().listener(slow);
    try (Journal journal = Journal.open(folder.resolve("journal"));
        KeepaliveMonitor monitor = (kept ? builder.journal(journal) : builder).open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), failover -> callbacks.incrementAndGet());
      pair.finish();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      assertTrue(monitor.unwatch(pair.link()));
      release.countDown();
      assertEquals(Kind.CANCELLED, endOf(watch));
      assertTrue(monitor.close(AMPLE));
      assertTrue(pair.link().isOpen());
      Eventually.assertNever("a callback", () -> callbacks.get() > 0);
      pair.close();
    }
  }
}
