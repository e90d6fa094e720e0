package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.journal.JournalLines;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Suspicion under probes: of one that is outstanding for intervals. */
@RequiresLab
class ProbeSuspicionTest {
  private static final KeepaliveOptions OPTIONS =
      KeepaliveOptions.detectWithin(Duration.ofSeconds(2)).toBuilder().suspectAfter(1).build();

  private static final long SLACK_NS = 1_000_000_000;

  @Test
  void aShortCutRaisesASuspicionThatPasses() throws Exception {
    try (Testbed lab = Testbed.open()) {
      Recorder recorder = new Recorder();
      WatchedLink link = WatchedLink.watch(lab.monitor(), lab.connect(OPTIONS), recorder);
      try (Fault cut = lab.source().drop()) {
        assertTrue(recorder.await("suspect 1").atNs() > cut.startedNs());
      }
      recorder.await("recovered");
      link.assertNoFailover();
    }
  }

  @Test
  void aSuspicionPrecedesTheFailure() throws Exception {
    try (Testbed lab = Testbed.open()) {
      Recorder recorder = new Recorder();
      WatchedLink link = WatchedLink.watch(lab.monitor(), lab.connect(OPTIONS), recorder);
      try (Fault cut = lab.source().drop()) {
        Failure failure = link.awaitFailure();
        recorder.await("failed TIMED_OUT");
        assertEquals(List.of("up", "suspect 1", "failed TIMED_OUT"), recorder.calls());
        long suspectedNs = recorder.await("suspect 1").atNs();
        assertTrue(suspectedNs > cut.startedNs());
        assertTrue(suspectedNs < failure.verdictNs());
      }
    }
  }

  /** A listener whose first call of one kind takes as long as the test wants. */
  private static final class Slow implements LinkListener {
    final List<String> heard = new CopyOnWriteArrayList<>();
    final CountDownLatch release = new CountDownLatch(1);
    private final String slowAt;

    Slow(String slowAt) {
      this.slowAt = slowAt;
    }

    private void hear(String call) {
      heard.add(call);
      if (call.equals(slowAt)) {
        try {
          await(release);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public void onUp(LinkUpdate update) {
      hear("up");
    }

    @Override
    public void onSuspect(LinkUpdate update) {
      hear("suspect");
    }

    @Override
    public void onRecovered(LinkUpdate update) {
      hear("recovered");
    }

    @Override
    public void onEnded(Watch.End end) {
      hear("ended");
    }
  }

  @ParameterizedTest
  @CsvSource({"suspect, 'up, suspect, ended'", "up, 'up, ended'"})
  void aSlowListenerDelaysNoFailover(String slowAt, String heard) throws Exception {
    try (Testbed lab = Testbed.open()) {
      Slow slow = new Slow(slowAt);
      WatchedLink link = WatchedLink.watch(lab.monitor(), lab.connect(OPTIONS), slow);
      Eventually.await("onUp", () -> slow.heard.contains("up"));
      try (Fault cut = lab.source().drop()) {
        Failure failure = link.awaitFailure();
        assertTrue(failure.callbackNs() - failure.verdictNs() < SLACK_NS);
        assertTrue(cut.effectiveNs() < failure.verdictNs());
        assertFalse(slow.heard.contains("ended"));
      }
      slow.release.countDown();
      Eventually.await("onEnded", () -> slow.heard.contains("ended"));
      assertEquals(heard, String.join(", ", slow.heard));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSuspicionIsOnRecordWithoutAListener(boolean grouped, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("journal");
    CountDownLatch tookOver = new CountDownLatch(1);
    try (Testbed lab = Testbed.open();
        Journal journal = Journal.open(file, Duration.ofSeconds(30));
        KeepaliveMonitor monitor =
            lab.backup().call(() -> KeepaliveMonitor.builder().journal(journal).open())) {
      KeepaliveSocket link = lab.connect(OPTIONS);
      if (grouped) {
        monitor.watchAll(List.of(link), FailoverPolicy.all(), failover -> tookOver.countDown());
      } else {
        monitor.watch(link, failure -> tookOver.countDown());
      }
      try (Fault cut = lab.source().drop()) {
        assertTrue(cut.effectiveNs() > 0);
        await(tookOver);
      }
    }
    assertEquals(
        List.of("opened", "armed", "suspect", "verdict", "granted", "callback-begin"),
        JournalLines.events(JournalLines.read(file)).subList(0, 6));
  }

  @Test
  void aRecoveryIsOnRecord(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("journal");
    Recorder recorder = new Recorder();
    try (Testbed lab = Testbed.open();
        Journal journal = Journal.open(file, Duration.ofSeconds(30));
        KeepaliveMonitor monitor =
            lab.backup().call(() -> KeepaliveMonitor.builder().journal(journal).open())) {
      WatchedLink link = WatchedLink.watch(monitor, lab.connect(OPTIONS), recorder);
      try (Fault cut = lab.source().drop()) {
        assertTrue(recorder.await("suspect 1").atNs() > cut.startedNs());
      }
      recorder.await("recovered");
      link.assertNoFailover();
    }
    assertEquals(
        List.of("opened", "armed", "suspect", "recovered"),
        JournalLines.events(JournalLines.read(file)).subList(0, 4));
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(10, TimeUnit.SECONDS));
  }
}
