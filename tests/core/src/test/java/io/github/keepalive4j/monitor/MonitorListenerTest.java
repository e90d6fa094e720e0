package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a monitor tells of all its links. */
@Timeout(60)
class MonitorListenerTest extends MonitorTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

  private KeepaliveMonitor.Builder listening() {
    return KeepaliveMonitor.builder().listener(new Teller(told));
  }

  private record Teller(BlockingQueue<String> told) implements MonitorListener {
    @Override
    public void onWatched(KeepaliveSocket link) {
      told.add("watched");
    }

    @Override
    public void onViolation(KeepaliveSocket link, int octet) {
      told.add("violation " + octet);
    }

    @Override
    public void onVerdict(Failure failure) {
      told.add("verdict " + failure.cause());
    }

    @Override
    public void onFailover(List<Failure> failures, Duration took, boolean succeeded) {
      assertTrue(took.compareTo(Duration.ZERO) > 0 && took.compareTo(AMPLE) < 0, took::toString);
      told.add("failover of " + failures.size() + (succeeded ? "" : " failed"));
    }

    @Override
    public void onDeclined(List<Failure> failures, String reason) {
      told.add("declined: " + reason);
    }

    @Override
    public void onUnwatched(KeepaliveSocket link) {
      told.add("unwatched");
    }
  }

  /** Asserts what is told next, and in which order. */
  private void expect(String... calls) throws InterruptedException {
    for (String call : calls) {
      assertEquals(call, told.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aFailoverIsToldFromTheVerdictToTheEndOfTheWatch() throws Exception {
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> told.add("callback"));
      expect("watched");
      pair.finish();
      expect("verdict CLOSED", "callback", "failover of 1", "unwatched");
    }
    assertEquals(List.of(), List.copyOf(told));
  }

  @Test
  void aCallbackThatThrowsIsAFailoverThatFailed() throws Exception {
    try (KeepaliveMonitor monitor = listening().errorHandler((link, error) -> {}).open()) {
      LinkPair pair = source.connect();
      monitor.watch(
          pair.link(),
          failure -> {
            throw new StackOverflowError();
          });
      pair.finish();
      expect("watched", "verdict CLOSED", "failover of 1 failed", "unwatched");
    }
  }

  @Test
  void whoeverEndsTheWatchItEndsOnce() throws Exception {
    LinkPair last = source.connect();
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair closed = source.connect();
      monitor.watch(closed.link(), failure -> {});
      closed.close();
      closed.close();
      expect("watched", "unwatched");
      LinkPair takenBack = source.connect();
      monitor.watch(takenBack.link(), failure -> {});
      monitor.unwatch(takenBack.link());
      takenBack.close();
      expect("watched", "unwatched");
      monitor.watch(last.link(), failure -> {});
    }
    expect("watched", "unwatched");
    last.close();
    assertEquals(List.of(), List.copyOf(told));
  }

  @Test
  void aByteThatIsUnknownIsTold() throws Exception {
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> {});
      pair.send('?');
      expect("watched", "violation 63", "unwatched");
      pair.source().close();
    }
  }

  @Test
  void aDeclineIsToldWithItsReason() throws Exception {
    TakeoverGuard declining =
        request -> {
          throw new ClaimDeclinedException("not now");
        };
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor = listening().guard(declining, AMPLE).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> told.add("callback"));
      pair.finish();
      expect("watched", "verdict CLOSED", "declined: not now", "unwatched");
      assertEquals(1, log.messages().size());
      assertTrue(log.messages().get(0).endsWith(": not now"), log.messages()::toString);
    }
  }

  @Test
  void aGroupFailsOverOnce() throws Exception {
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair first = source.connect();
      LinkPair second = source.connect();
      monitor.watchAll(
          List.of(first.link(), second.link()),
          FailoverPolicy.all(),
          failures -> told.add("callback"));
      expect("watched", "watched");
      first.finish();
      expect("verdict CLOSED", "unwatched");
      second.finish();
      expect("verdict CLOSED", "callback", "failover of 2", "unwatched");
    }
  }

  @Test
  void aListenerThatThrowsCostsNoFailover() throws Exception {
    BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    MonitorListener throwing =
        new MonitorListener() {
          @Override
          public void onWatched(KeepaliveSocket link) {
            throw new IllegalStateException("watched");
          }

          @Override
          public void onVerdict(Failure failure) {
            throw new StackOverflowError("verdict");
          }
        };
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .listener(throwing)
            .errorHandler((link, error) -> errors.add(error))
            .open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> told.add("callback"));
      pair.finish();
      expect("callback");
      awaitClosed(pair.link());
    }
    assertEquals(
        List.of("watched", "verdict"), errors.stream().map(Throwable::getMessage).toList());
  }
}
