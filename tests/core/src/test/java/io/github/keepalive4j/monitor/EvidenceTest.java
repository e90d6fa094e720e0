package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the kernel knew at a verdict, asked for at any time after it. */
class EvidenceTest extends MonitorTest {
  /** In which the kernel notes when it heard what. */
  private static final long JIFFY_NS = 10_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void evidenceIsAvailableAfterTheLinkIsClosed() throws Exception {
    long openedNs = System.nanoTime();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      CompletableFuture<Failure> failover = new CompletableFuture<>();
      monitor.watch(pair.link(), event -> failover.complete(event.failure()));
      pair.reset();
      awaitClosed(pair.link());
      assertEvidence(failover.join(), openedNs);
    }
  }

  @Test
  void evidenceOfAnAwaitedFailureIsAvailable() throws Exception {
    long openedNs = System.nanoTime();
    LinkPair pair = source.connect();
    pair.reset();
    Failure failure = pair.link().awaitFailure(PATIENCE).orElseThrow();
    pair.link().close();
    assertEvidence(failure, openedNs);
  }

  @Test
  void evidenceIsOfTheVerdictHoweverLateItIsRead() throws Exception {
    long openedNs = System.nanoTime();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      LinkPair pair = source.connect();
      CompletableFuture<Failure> failover = new CompletableFuture<>();
      CountDownLatch asked = new CountDownLatch(1);
      monitor.watch(
          pair.link(),
          event -> {
            failover.complete(event.failure());
            asked.await();
          });
      pair.reset();
      Failure failure = failover.join();
      Eventually.await(
          "half a second", () -> System.nanoTime() - failure.verdictNs() > 50 * JIFFY_NS);
      assertEvidence(failure, openedNs);
      asked.countDown();
    }
  }

  private void assertEvidence(Failure failure, long openedNs) {
    assertEquals(isNative(), failure.tcpInfo().isPresent());
    assertEquals(isNative(), failure.lastHeardNs().isPresent());
    assertEquals(isNative(), failure.silence().isPresent());
    if (isNative()) {
      assertOfVerdict(failure, failure.tcpInfo().orElseThrow(), openedNs);
    }
  }

  private static void assertOfVerdict(Failure failure, TcpInfo info, long openedNs) {
    assertEquals(TcpInfo.State.CLOSE, info.state());
    long silenceNs = info.silence().toNanos();
    assertTrue(silenceNs <= failure.verdictNs() - openedNs + JIFFY_NS, info::toString);
    long lastHeardNs = failure.lastHeardNs().orElseThrow();
    assertTrue(lastHeardNs >= openedNs - JIFFY_NS, () -> lastHeardNs + " before " + openedNs);
    assertTrue(lastHeardNs <= failure.verdictNs() + JIFFY_NS, () -> lastHeardNs + " too late");
    long sinceHeardNs = Math.max(0, failure.verdictNs() - lastHeardNs);
    assertEquals(Duration.ofNanos(sinceHeardNs), failure.silence().orElseThrow());
  }
}
