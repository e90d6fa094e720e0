package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.LogRecords;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    public void onUp(LinkUpdate update) {
      told.add("up");
    }

    @Override
    public void onVerdict(Failure failure) {
      OptionalInt octet = failure.octet();
      told.add(
          "verdict " + failure.cause() + (octet.isPresent() ? " by byte " + octet.getAsInt() : ""));
    }

    @Override
    public void onEnded(Watch.End end) {
      end.callbackTime()
          .filter(took -> took.toNanos() <= 0 || took.compareTo(AMPLE) >= 0)
          .ifPresent(took -> told.add("a callback of " + took));
      told.add(
          end.kind()
              + " after "
              + end.failures().size()
              + end.reason().map(reason -> ": " + reason).orElse(""));
    }

    @Override
    public void onUnwatched(LinkUpdate update) {
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
  void aLinkThatIsTakenBackAsItsWatchBeginsIsFreeForAnother() throws Exception {
    AtomicReference<KeepaliveMonitor> open = new AtomicReference<>();
    MonitorListener taking =
        new MonitorListener() {
          @Override
          public void onUp(LinkUpdate update) {
            if (told.isEmpty()) {
              told.add("taken back: " + open.get().unwatch(update.link()));
            }
          }

          @Override
          public void onUnwatched(LinkUpdate update) {
            told.add("unwatched");
          }
        };
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().listener(taking).open()) {
      open.set(monitor);
      LinkPair pair = source.connect();
      Watch first = monitor.watch(pair.link(), failover -> told.add("not to be called"));
      expect("taken back: true", "unwatched");
      assertEquals(Watch.End.Kind.CANCELLED, endOf(first).kind());
      assertEquals(0, monitor.size());
      told.add("once");
      Watch second = monitor.watch(pair.link(), failover -> told.add("callback"));
      pair.reset();
      assertEquals(Watch.End.Kind.TAKEN_OVER, endOf(second).kind());
      expect("once", "callback", "unwatched");
      awaitClosed(pair.link());
    }
  }

  @Test
  void aFailoverIsReportedFromTheVerdictToTheEndOfTheWatch() throws Exception {
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> told.add("callback"));
      expect("up");
      pair.finish();
      expect("verdict CLOSED", "callback", "TAKEN_OVER after 1", "unwatched");
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
      expect("up", "verdict CLOSED", "TAKEOVER_FAILED after 1", "unwatched");
    }
  }

  @Test
  void aWatchEndsOnceWhoeverEndsIt() throws Exception {
    LinkPair last = source.connect();
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair closed = source.connect();
      monitor.watch(closed.link(), failure -> {});
      closed.close();
      closed.close();
      expect("up", "CANCELLED after 0", "unwatched");
      LinkPair takenBack = source.connect();
      monitor.watch(takenBack.link(), failure -> {});
      monitor.unwatch(takenBack.link());
      takenBack.close();
      expect("up", "CANCELLED after 0", "unwatched");
      monitor.watch(last.link(), failure -> {});
    }
    expect("up", "CANCELLED after 0", "unwatched");
    last.close();
    assertEquals(List.of(), List.copyOf(told));
  }

  @Test
  void aByteThatIsUnknownIsReported() throws Exception {
    try (KeepaliveMonitor monitor = listening().open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> {});
      pair.send('?');
      expect("up", "verdict VIOLATED by byte 63", "VIOLATED after 1", "unwatched");
      pair.source().close();
    }
  }

  @Test
  void aDeclineIsReportedWithItsReason() throws Exception {
    TakeoverGuard declining =
        request -> {
          throw new ClaimDeclinedException("not now");
        };
    try (LogRecords log = LogRecords.of(KeepaliveMonitor.class);
        KeepaliveMonitor monitor = listening().guard(declining, AMPLE).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> told.add("callback"));
      pair.finish();
      expect("up", "verdict CLOSED", "DECLINED after 1: not now", "unwatched");
      Eventually.await("a line", () -> log.messages().size() == 1);
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
          failover -> told.add("callback"));
      expect("up", "up");
      first.finish();
      expect("verdict CLOSED", "unwatched");
      second.finish();
      expect("verdict CLOSED", "callback", "TAKEN_OVER after 2", "unwatched");
    }
  }

  @Test
  void aListenerThatThrowsCostsNoFailover() throws Exception {
    BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
    MonitorListener throwing =
        new MonitorListener() {
          @Override
          public void onUp(LinkUpdate update) {
            throw new IllegalStateException("up");
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
    assertEquals(List.of("up", "verdict"), errors.stream().map(Throwable::getMessage).toList());
  }
}
