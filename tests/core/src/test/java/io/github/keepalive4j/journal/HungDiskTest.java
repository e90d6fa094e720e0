package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.guard.Scene;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FreezableDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A journal on a disk that hangs: a file system that is frozen. */
@Timeout(60)
class HungDiskTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /**
   * Of the journal. Three times that is too long for a failover, whatever else the machine does.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private FreezableDisk disk;
  private Path file;

  @BeforeEach
  void open() throws Exception {
    disk = FreezableDisk.open();
    file = disk.resolve("journal");
  }

  @AfterEach
  void close() throws Exception {
    disk.close();
  }

  private static long sinceVerdictMs(Failover failover) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - failover.failure().verdictNs());
  }

  @Test
  void aFailoverIsHeldUpForOneTimeoutAndTheNextOneNotAtAll() throws Exception {
    BlockingQueue<Long> delaysMs = new LinkedBlockingQueue<>();
    FailoverCallback callback = failover -> delaysMs.add(sinceVerdictMs(failover));
    LateLines late = new LateLines();
    LateLines lateOfLink = new LateLines();
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, TIMEOUT);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .journal(journal)
                .listener(late)
                .guard(request -> new LosableClaim(1), AMPLE)
                .open()) {
      monitor.watch(scene.connect(), callback, lateOfLink);
      monitor.watch(scene.connect(), callback);
      Eventually.await("the links armed", () -> events().size() == 3);
      disk.freeze();
      scene.fail();
      long firstMs = delaysMs.poll(20, TimeUnit.SECONDS);
      assertTrue(firstMs >= TIMEOUT.toMillis() - 1, firstMs + " ms");
      assertTrue(firstMs < 2 * TIMEOUT.toMillis(), firstMs + " ms");
      scene.fail();
      long nextMs = delaysMs.poll(20, TimeUnit.SECONDS);
      assertTrue(nextMs < TIMEOUT.toMillis() / 2, nextMs + " ms");
      List<String> failover = List.of("verdict", "granted", "callback-begin", "callback-end");
      assertEquals(failover, lateOfLink.next(4));
      assertEquals(8, late.next(8).size());
      disk.thaw();
      Eventually.await("the late lines", () -> events().contains("journal-late"));
    }
    assertInOrder(JournalLines.read(file));
  }

  @Test
  void eachLinkThatFailsHasTheWholeTimeoutAgain() throws Exception {
    BlockingQueue<List<String>> atCallback = new LinkedBlockingQueue<>();
    LateLines late = new LateLines();
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, TIMEOUT);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().journal(journal).listener(late).open()) {
      monitor.watchAll(
          List.of(scene.connect(), scene.connect()),
          FailoverPolicy.all(),
          failover -> atCallback.add(events()));
      disk.freeze();
      scene.fail();
      assertEquals(List.of("verdict"), late.next(1));
      disk.thaw();
      Eventually.await("the late line", () -> events().contains("journal-late"));
      scene.fail();
      List<String> onDisk = atCallback.poll(20, TimeUnit.SECONDS);
      assertEquals("callback-begin", onDisk.get(onDisk.size() - 1));
      assertTrue(late.lines.isEmpty(), late.lines::toString);
    }
  }

  @Test
  void watchingDoesNotWaitForTheDisk() throws Exception {
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      disk.freeze();
      Background.start(() -> monitor.watch(scene.connect(), scene, scene)).get(AMPLE.dividedBy(2));
      disk.thaw();
    }
    assertEquals(List.of("opened", "armed"), events().subList(0, 2));
  }

  private List<String> events() throws IOException {
    return JournalLines.read(file).stream().map(line -> line.get("event").asText()).toList();
  }

  /** Of two watches: each has its events in order, and all have come late. */
  private static void assertInOrder(List<JsonNode> lines) {
    for (int watch = 1; watch <= 2; watch++) {
      int number = watch;
      assertEquals(
          List.of("armed", "verdict", "granted", "callback-begin", "callback-end"),
          JournalLines.events(
              lines.stream().filter(line -> line.path("watch").asInt() == number).toList()));
    }
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(i + 1, lines.get(i).get("seq").asInt());
    }
    JsonNode late = lines.stream().filter(HungDiskTest::isLate).findFirst().orElseThrow();
    assertEquals(4, late.get("firstSeq").asInt());
    assertTrue(late.get("lastSeq").asInt() >= 4);
    assertTrue(late.get("waitedMs").asLong() >= TIMEOUT.toMillis());
  }

  private static boolean isLate(JsonNode line) {
    return line.get("event").asText().equals("journal-late");
  }

  @Test
  void linksThatFailTogetherWaitTogether() throws Exception {
    BlockingQueue<Long> delaysMs = new LinkedBlockingQueue<>();
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, TIMEOUT);
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      for (int i = 0; i < 5; i++) {
        monitor.watch(scene.connect(), failover -> delaysMs.add(sinceVerdictMs(failover)));
      }
      disk.freeze();
      for (int i = 0; i < 5; i++) {
        scene.fail();
      }
      for (int i = 0; i < 5; i++) {
        long delayMs = delaysMs.poll(20, TimeUnit.SECONDS);
        assertTrue(delayMs < 2 * TIMEOUT.toMillis(), delayMs + " ms");
      }
      disk.thaw();
    }
  }

  @Test
  void closingIsHeldUpForOneTimeout() throws Exception {
    Journal journal = Journal.open(file, TIMEOUT);
    try (Scene scene = new Scene();
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      disk.freeze();
      Background.start(() -> monitor.watch(scene.connect(), scene, scene)).get();
      scene.fail();
      scene.expect("callback");
      Background.start(() -> closeOf(monitor)).get();
      String refusal = Background.start(() -> refusalOf(journal)).get();
      assertTrue(refusal.startsWith("the journal's disk hangs: lines 2 to "), refusal);
    } finally {
      disk.thaw();
    }
    Eventually.await("the file closed", () -> canBeOpened());
    assertEquals(
        List.of("opened", "armed", "verdict", "granted", "callback-begin"), events().subList(0, 5));
  }

  private static boolean closeOf(KeepaliveMonitor monitor) {
    monitor.close();
    return true;
  }

  private static String refusalOf(Journal journal) {
    return assertThrows(IOException.class, journal::close).getMessage();
  }

  private boolean canBeOpened() {
    try {
      Journal.open(file).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aHolderHearsOfItsLossAtOnce() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder().journal(journal).guard(request -> claim, AMPLE).open()) {
      monitor.watch(scene.connect(), scene, scene);
      scene.fail();
      scene.expect("callback");
      scene.expect("ended");
      disk.freeze();
      Background.start(() -> lose(claim)).get();
      scene.expect("lost: outbid");
      assertTrue(claim.isReleased());
      disk.thaw();
    }
    assertEquals("claim-lost", events().get(events().size() - 1));
  }

  private static boolean lose(LosableClaim claim) {
    claim.lose("outbid");
    return true;
  }

  @Test
  void aSourceStopsAtOnceWhenItsClaimIsLost() throws Exception {
    LosableClaim claim = new LosableClaim(1);
    List<String> told = new ArrayList<>();
    ServerListener listener =
        new ServerListener() {
          @Override
          public void onClaimLost(ClaimLoss loss) {
            told.add(loss.reason());
          }
        };
    try (Journal journal = Journal.open(file, AMPLE);
        KeepaliveServer server =
            KeepaliveServer.builder()
                .listener(listener)
                .journal(journal)
                .guard(request -> claim, AMPLE)
                .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      disk.freeze();
      Background.start(() -> lose(claim)).get();
      assertEquals(List.of("outbid"), told);
      assertThrows(IOException.class, server::localAddress);
      disk.thaw();
    }
    assertEquals(List.of("opened", "granted", "claim-lost"), events());
  }

  @Test
  void linesAppendedWhileTheDiskHangsKeepTheirOrder() throws Exception {
    Duration brief = Duration.ofMillis(500);
    try (Journal journal = Journal.open(file, brief)) {
      disk.freeze();
      assertThrows(Journal.LateException.class, () -> journal.append("first", Map.of()));
      assertThrows(Journal.LateException.class, () -> journal.append("second", Map.of()));
      assertThrows(Journal.LateException.class, () -> journal.append("third", Map.of()));
      long thirdNs = System.nanoTime();
      Eventually.await("it is late", () -> System.nanoTime() - thirdNs > brief.toNanos());
      disk.thaw();
    }
    assertEquals(List.of("opened", "first", "second", "third"), events().subList(0, 4));
    List<JsonNode> late = JournalLines.read(file).stream().filter(HungDiskTest::isLate).toList();
    assertEquals(2, late.get(0).get("firstSeq").asInt());
    assertEquals(4, late.get(late.size() - 1).get("lastSeq").asInt());
  }

  @Test
  void lateLinesNameTheLinkThatReplacedTheFirst() throws Exception {
    BlockingQueue<KeepaliveSocket> late = new LinkedBlockingQueue<>();
    LinkListener listener =
        new LinkListener() {
          @Override
          public void onJournalLate(JournalDelay event) {
            late.add(event.link());
          }
        };
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, Duration.ofMillis(50));
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      KeepaliveSocket first = scene.connect();
      KeepaliveSocket fresh = scene.connect();
      monitor.watch(first, scene, listener).replace(first, fresh);
      first.close();
      disk.freeze();
      scene.fail();
      scene.fail();
      for (int line = 0; line < 4; line++) {
        assertEquals(fresh, late.poll(10, TimeUnit.SECONDS));
      }
      disk.thaw();
    }
  }

  /** The lines that a listener is told are late. */
  private static final class LateLines implements MonitorListener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void onJournalLate(LinkListener.JournalDelay event) {
      lines.add(event.line());
    }

    List<String> next(int count) throws InterruptedException {
      List<String> next = new ArrayList<>();
      while (next.size() < count) {
        next.add(lines.poll(10, TimeUnit.SECONDS));
      }
      return next;
    }
  }
}
