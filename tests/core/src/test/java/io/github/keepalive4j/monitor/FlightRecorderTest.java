package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.fast.Testbed;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recording of the JDK's Flight Recorder shows of failovers, without any settings. */
@Timeout(60)
class FlightRecorderTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration CALLBACK = Duration.ofMillis(20);

  private FailingSource source;
  private FlightLog log;

  @BeforeEach
  void open() throws Exception {
    source = new FailingSource();
    log = new FlightLog();
  }

  @AfterEach
  void close() throws Exception {
    log.close();
    source.close();
  }

  @Test
  void aFailoverIsUpThenVerdictThenCallback() throws Exception {
    LinkPair pair = source.connect();
    AtomicReference<Failure> failed = new AtomicReference<>();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(
          pair.link(),
          failover -> {
            failed.set(failover.failure());
            Thread.sleep(CALLBACK.toMillis());
          });
      pair.reset();
      MonitorTest.awaitClosed(pair.link());
    }
    List<RecordedEvent> events = log.events();
    assertEquals(List.of("LinkUp", "Verdict", "Callback"), FlightLog.namesOf(events));
    for (RecordedEvent event : events) {
      assertEquals("127.0.0.1:" + source.address().getPort(), event.getString("peer"));
      assertEquals(List.of("keepalive4j"), event.getEventType().getCategoryNames());
      assertFalse(event.getEventType().getDescription().isEmpty());
      assertNull(event.getStackTrace());
    }
    assertUp(events.get(0));
    assertVerdict(failed.get(), events.get(1));
    assertCallback(events.get(2));
  }

  private static void assertUp(RecordedEvent up) {
    assertEquals(KeepaliveOptions.defaults().toString(), up.getString("options"));
    assertEquals(
        KeepaliveOptions.defaults().worstCaseDetection(), up.getDuration("worstCaseDetection"));
  }

  private static void assertVerdict(Failure failure, RecordedEvent verdict) {
    assertEquals("RESET", verdict.getString("cause"));
    assertEquals("ECONNRESET", verdict.getString("errno"));
    assertEquals(0, verdict.getInt("probes"));
    assertEquals(
        failure.silence().orElseThrow().toMillis(), verdict.getDuration("silence").toMillis());
    assertEquals(failure.tcpInfo().orElseThrow().rtt(), verdict.getDuration("roundTripTime"));
    Instant judged = verdict.getInstant("verdictTime");
    Duration late = Duration.between(judged, verdict.getStartTime());
    assertTrue(late.abs().compareTo(Duration.ofSeconds(5)) < 0, verdict::toString);
  }

  private static void assertCallback(RecordedEvent callback) {
    assertEquals("RESET", callback.getString("cause"));
    assertEquals(1, callback.getInt("links"));
    assertNull(callback.getString("error"));
    assertTrue(callback.getDuration().compareTo(CALLBACK) >= 0, callback::toString);
    Duration toCallback = callback.getDuration("verdictToCallback");
    assertTrue(toCallback.compareTo(Duration.ZERO) > 0, callback::toString);
    assertTrue(toCallback.compareTo(AMPLE) < 0, callback::toString);
    assertTrue(callback.getThread().getJavaName().contains("-callback-"), callback::toString);
  }

  @Test
  void aSourceThatStandsDownIsAVerdictToo() throws Exception {
    LinkPair pair = source.connect();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watch(pair.link(), failover -> {});
      pair.send('G');
      MonitorTest.awaitClosed(pair.link());
    }
    List<RecordedEvent> events = log.events();
    assertEquals(List.of("LinkUp", "Verdict"), FlightLog.namesOf(events));
    assertEquals("LEFT", events.get(1).getString("cause"));
    assertEquals(
        "A link ended: it failed, its source stood down, or its peer broke the protocol",
        events.get(1).getEventType().getDescription());
  }

  @Test
  void aSourceThatAnswersAgainIsConfirmed() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().confirm(AMPLE).open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), failure -> {});
      pair.reset();
      source.accept();
      MonitorTest.awaitClosed(pair.link());
    }
    List<RecordedEvent> events = log.events();
    assertEquals(List.of("LinkUp", "Verdict", "Confirmed", "LinkUp"), FlightLog.namesOf(events));
    RecordedEvent confirmed = events.get(2);
    assertEquals("127.0.0.1:" + source.address().getPort(), confirmed.getString("peer"));
    assertEquals("RESET", confirmed.getString("cause"));
    assertTrue(confirmed.getDuration("verdictToAnswer").compareTo(AMPLE) < 0, confirmed::toString);
  }

  @Test
  void whatTheCallbackThrewIsRecorded() throws Exception {
    LinkPair pair = source.connect();
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder().errorHandler((link, error) -> {}).open()) {
      monitor.watch(
          pair.link(),
          failure -> {
            throw new IllegalStateException("boom");
          });
      pair.finish();
      MonitorTest.awaitClosed(pair.link());
    }
    RecordedEvent callback = log.events().get(2);
    assertEquals("java.lang.IllegalStateException: boom", callback.getString("error"));
  }

  @Test
  void aClaimThatIsGrantedComesBeforeTheCallback() throws Exception {
    List<RecordedEvent> events = failOverPast(request -> new LosableClaim(7), AMPLE);
    assertEquals(List.of("LinkUp", "Verdict", "Claim", "Callback"), FlightLog.namesOf(events));
    RecordedEvent claim = events.get(2);
    assertEquals("granted", claim.getString("result"));
    assertEquals(7, claim.getLong("token"));
    assertEquals("claim 7", claim.getString("reason"));
    assertFalse(claim.getEndTime().isAfter(events.get(3).getStartTime()), claim::toString);
  }

  @Test
  void aClaimThatIsDeclinedHasAReasonAndNoCallback() throws Exception {
    List<RecordedEvent> events =
        failOverPast(
            request -> {
              throw new ClaimDeclinedException("somebody else has it");
            },
            AMPLE);
    assertEquals(List.of("LinkUp", "Verdict", "Claim"), FlightLog.namesOf(events));
    assertEquals("declined", events.get(2).getString("result"));
    assertEquals(-1, events.get(2).getLong("token"));
    assertEquals("somebody else has it", events.get(2).getString("reason"));
  }

  @Test
  void aGuardThatGivesNoAnswerIsRecordedForAsLongAsItHad() throws Exception {
    Duration timeout = Duration.ofMillis(50);
    CountDownLatch never = new CountDownLatch(1);
    List<RecordedEvent> events =
        failOverPast(
            request -> {
              never.await();
              return null;
            },
            timeout);
    RecordedEvent claim = events.get(2);
    assertEquals("the guard gave no answer within 50 ms", claim.getString("reason"));
    assertTrue(claim.getDuration().compareTo(timeout) >= 0, claim::toString);
  }

  private List<RecordedEvent> failOverPast(TakeoverGuard guard, Duration timeout) throws Exception {
    LinkPair pair = source.connect();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(guard, timeout).open()) {
      monitor.watch(pair.link(), failure -> {});
      pair.reset();
      MonitorTest.awaitClosed(pair.link());
    }
    return log.events();
  }

  @Test
  void aSourcesClaimToServeHasNoPeer() throws Exception {
    KeepaliveServer.builder()
        .guard(request -> new LosableClaim(3), AMPLE)
        .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .close();
    RecordedEvent claim = log.events().get(0);
    assertEquals("granted", claim.getString("result"));
    assertEquals(3, claim.getLong("token"));
    assertNull(claim.getString("peer"));
  }

  @Test
  void aGroupHasAVerdictForEachLinkAndOneCallback() throws Exception {
    LinkPair first = source.connect();
    LinkPair second = source.connect();
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      monitor.watchAll(List.of(first.link(), second.link()), FailoverPolicy.all(), failover -> {});
      first.finish();
      MonitorTest.awaitClosed(first.link());
      second.reset();
      MonitorTest.awaitClosed(second.link());
    }
    List<RecordedEvent> events = log.events();
    assertEquals(
        List.of("LinkUp", "LinkUp", "Verdict", "Verdict", "Callback"), FlightLog.namesOf(events));
    assertEquals(2, events.get(4).getInt("links"));
    assertEquals("RESET", events.get(4).getString("cause"));
  }

  @Test
  @RequiresLab
  void aSuspicionThatPassesIsRecordedWithoutAListener() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(30).suspectAfter(1).build();
    CountDownLatch suspected = new CountDownLatch(1);
    CountDownLatch recovered = new CountDownLatch(1);
    try (Testbed lab = Testbed.open();
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        RecordingStream stream = new RecordingStream()) {
      stream.onEvent("keepalive4j.LinkSuspect", event -> suspected.countDown());
      stream.onEvent("keepalive4j.LinkRecovered", event -> recovered.countDown());
      stream.startAsync();
      monitor.watch(lab.connect(options), failure -> {});
      try (Fault cut = lab.source().drop()) {
        assertTrue(cut.startedNs() > 0);
        suspected.await();
      }
      recovered.await();
    }
    List<RecordedEvent> events = log.events();
    assertEquals(List.of("LinkUp", "LinkSuspect", "LinkRecovered"), FlightLog.namesOf(events));
    assertEquals(1, events.get(1).getInt("probes"));
  }
}
