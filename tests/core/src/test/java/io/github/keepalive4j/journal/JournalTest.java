package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.guard.LosableClaim;
import io.github.keepalive4j.guard.Scene;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.Fifo;
import io.github.keepalive4j.support.LinkPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the journal holds, and what it survives. */
@Timeout(60)
class JournalTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal");
  }

  @Test
  void aLineHasItsInstanceItsNumberAndBothClocks() throws Exception {
    Instant before = Instant.now().minusMillis(1);
    long beforeNs = System.nanoTime();
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act", Map.of("number", 7));
      List<JsonNode> lines = JournalLines.read(file);
      assertEquals(List.of("opened", "act"), JournalLines.events(lines));
      JsonNode act = lines.get(1);
      assertEquals(journal.instance(), act.get("instance").asText());
      assertEquals(2, act.get("seq").asInt());
      assertEquals(7, act.get("number").asInt());
      assertTrue(act.get("time").asText().matches(".*\\.\\d{6}Z"));
      assertFalse(Instant.parse(act.get("time").asText()).isBefore(before));
      assertTrue(act.get("monotonicNs").asLong() - beforeNs >= 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"quoted\" \\ back/slash",
        "line\nfeed\r\ttab\b\f\0\u001f\u007f",
        "\u2028\u2029\u00e9\ud83d\ude00"
      })
  void anyTextIsReadBackFromItsLine(String text) throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act" + text, Map.of("text", text));
    }
    JsonNode line = JournalLines.read(file).get(1);
    assertEquals("act" + text, line.get("event").asText());
    assertEquals(text, line.get("text").asText());
  }

  @ParameterizedTest
  @ValueSource(chars = {'\ud800', '\ud83d', '\udfff'})
  void aLoneSurrogateIsReadBackToo(char surrogate) throws Exception {
    String half = "a" + surrogate + "b";
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act", Map.of("text", half));
    }
    assertEquals(half, JournalLines.read(file).get(1).get("text").asText());
  }

  @Test
  void whatPeopleCanReadIsWrittenAsItIs() throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act", Map.of("text", "a b é \ue000"));
    }
    assertTrue(Files.readString(file).contains("\"a b é \ue000\""));
  }

  @Test
  void nullsBooleansAndNumbersAreNotQuoted() throws Exception {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("nothing", null);
    details.put("yes", true);
    details.put("least", Long.MIN_VALUE);
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act", details);
    }
    JsonNode line = JournalLines.read(file).get(1);
    assertTrue(line.get("nothing").isNull());
    assertTrue(line.get("yes").asBoolean());
    assertEquals(Long.MIN_VALUE, line.get("least").asLong());
  }

  @ParameterizedTest
  @ValueSource(strings = {"instance", "seq", "time", "monotonicNs", "event", "", " "})
  void aNameThatIsTheLinesOwnOrBlankIsRefused(String name) throws Exception {
    assertRefused("name " + name + " in details", "act", Map.of("first", 1, name, "forged"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEventWithoutANameIsRefused(String event) throws Exception {
    assertRefused("event \"" + event + "\" is blank", event, Map.of());
  }

  @Test
  void aNameThatIsNullIsRefused() throws Exception {
    Map<String, Object> nameless = new LinkedHashMap<>();
    nameless.put(null, 1);
    assertRefused("name null in details", "act", nameless);
  }

  static final List<Object> unwritable =
      List.of(
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Float.NEGATIVE_INFINITY,
          List.of(1),
          Duration.ofMillis(1),
          new AtomicInteger(1));

  @ParameterizedTest
  @FieldSource("unwritable")
  void aValueThatCannotBeWrittenIsRefused(Object value) throws Exception {
    assertRefused("number " + value, "act", Map.of("number", value));
  }

  /** The sequence number of what is refused is the next line's. */
  private void assertRefused(String named, String event, Map<String, ?> details) throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> journal.append(event, details))
              .getMessage();
      assertTrue(message.startsWith(named), message);
      journal.append("next", Map.of("number", 2.5, "great", new BigDecimal("1e400")));
    }
    List<JsonNode> lines = JournalLines.read(file);
    assertEquals(List.of("opened", "next"), JournalLines.events(lines));
    assertEquals(2, lines.get(1).get("seq").asInt());
    assertEquals(2.5, lines.get(1).get("number").asDouble());
  }

  @Test
  void aTornLineIsLeftBehind() throws Exception {
    Journal.open(file, AMPLE).close();
    Files.writeString(file, "{\"instance\":\"x\",\"se", StandardOpenOption.APPEND);
    try (Journal journal = Journal.open(file, AMPLE)) {
      journal.append("act", Map.of());
    }
    List<JsonNode> lines = JournalLines.read(file);
    assertEquals(List.of("opened", "opened", "act"), JournalLines.events(lines));
    assertNotEquals(lines.get(0).get("instance"), lines.get(1).get("instance"));
    assertEquals(1, lines.get(1).get("seq").asInt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT24H0.001S"})
  void aTimeoutOutsideItsRangeIsRefused(Duration timeout) {
    assertEquals(
        "timeout " + timeout + " is not from 1 ms to 1 day",
        assertThrows(IllegalArgumentException.class, () -> Journal.open(file, timeout))
            .getMessage());
    assertFalse(Files.exists(file));
  }

  /** Whoever opens a FIFO waits for a reader. */
  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Path lock = Fifo.make(directory.resolve("journal.lock"));
    Path fifo = Fifo.make(directory.resolve("fifo"));
    requireNoRegularFile(fifo, fifo);
    requireNoRegularFile(directory, directory);
    requireNoRegularFile(lock, file);
  }

  private static void requireNoRegularFile(Path named, Path journal) {
    Background<Journal> opening = Background.start(() -> Journal.open(journal, AMPLE));
    assertEquals(
        named + " is no regular file",
        assertThrows(IOException.class, () -> opening.get(AMPLE)).getMessage());
  }

  @Test
  void aSecondInstanceIsRefusedTheFile() throws Exception {
    Journal journal = Journal.open(file, AMPLE);
    IOException refused = assertThrows(IOException.class, () -> Journal.open(file, AMPLE).close());
    assertTrue(refused.getMessage().contains("open already"), refused.getMessage());
    journal.close();
    Journal.open(file, AMPLE).close();
  }

  @Test
  void anInterruptDoesNotCloseTheJournal() throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      Thread.currentThread().interrupt();
      journal.append("first", Map.of());
      assertTrue(Thread.interrupted());
      journal.append("second", Map.of());
    }
    assertEquals(
        List.of("opened", "first", "second"), JournalLines.events(JournalLines.read(file)));
  }

  @Test
  void anInterruptedThreadOpensAJournal() throws Exception {
    Thread.currentThread().interrupt();
    Journal.open(file, AMPLE).close();
    assertTrue(Thread.interrupted());
    assertEquals(List.of("opened"), events());
  }

  @Test
  void aTakeoverIsOnRecordBeforeItHappens() throws Exception {
    BlockingQueue<List<String>> atCallback = new LinkedBlockingQueue<>();
    BlockingQueue<List<String>> atGuard = new LinkedBlockingQueue<>();
    LosableClaim claim = new LosableClaim(4);
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .journal(journal)
                .guard(
                    request -> {
                      atGuard.add(events());
                      return claim;
                    },
                    AMPLE)
                .open()) {
      monitor.watch(
          scene.connect(),
          failover -> {
            failover.onClaimLost(loss -> atCallback.add(events()));
            atCallback.add(events());
          });
      scene.fail();
      assertEquals(List.of("opened", "armed", "verdict"), atGuard.poll(10, TimeUnit.SECONDS));
      assertEquals(
          List.of("opened", "armed", "verdict", "granted", "callback-begin"),
          atCallback.poll(10, TimeUnit.SECONDS));
      while (monitor.size() > 0) {
        Thread.onSpinWait();
      }
      claim.lose("outbid");
      List<String> atLoss = atCallback.poll(10, TimeUnit.SECONDS);
      assertEquals(List.of("callback-end"), atLoss.subList(5, atLoss.size()));
    }
    List<JsonNode> lines = JournalLines.read(file);
    assertEquals("CLOSED", lines.get(2).get("cause").asText());
    assertEquals(4, lines.get(3).get("token").asLong());
    assertEquals("test", lines.get(3).get("resource").asText());
    assertTrue(lines.get(5).get("error").isNull());
    assertEquals("outbid", lines.get(6).get("reason").asText());
    assertTrue(lines.get(6).has("validUntilNs"));
    assertTrue(lines.stream().skip(1).allMatch(line -> line.get("watch").asLong() == 1));
  }

  private List<String> events() {
    try {
      return JournalLines.events(JournalLines.read(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void declinesReleasesAndWhatACallbackThrewAreOnRecord() throws Exception {
    BlockingQueue<Claim> claims = new LinkedBlockingQueue<>();
    claims.add(new LosableClaim(1));
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .journal(journal)
                .errorHandler((link, error) -> {})
                .guard(request -> claims.poll(), AMPLE)
                .open()) {
      for (int i = 0; i < 2; i++) {
        monitor.watch(
            scene.connect(),
            failover -> {
              failover.claim().orElseThrow().release();
              throw new IllegalStateException("broken");
            },
            scene);
        scene.fail();
        while (monitor.size() > 0) {
          Thread.onSpinWait();
        }
      }
    }
    List<JsonNode> lines = JournalLines.read(file);
    assertEquals(
        List.of(
            "opened",
            "armed",
            "verdict",
            "granted",
            "callback-begin",
            "claim-released",
            "callback-end",
            "armed",
            "verdict",
            "declined"),
        JournalLines.events(lines));
    assertEquals("java.lang.IllegalStateException: broken", lines.get(6).get("error").asText());
    assertEquals("the guard gave no claim", lines.get(9).get("reason").asText());
  }

  @Test
  void withoutAGuardTheCallbackIsOnRecordToo() throws Exception {
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      monitor.watch(scene.connect(), scene);
      scene.fail();
      scene.expect("callback");
    }
    assertEquals(
        List.of("opened", "armed", "verdict", "granted", "callback-begin"), events().subList(0, 5));
  }

  @Test
  void aGroupIsRecordedAsOneWatch() throws Exception {
    try (Scene scene = new Scene();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open()) {
      monitor.watchAll(
          List.of(scene.connect(), scene.connect()),
          FailoverPolicy.all(),
          failover -> scene.add("callback"));
      scene.fail();
      scene.fail();
      scene.expect("callback");
    }
    List<JsonNode> lines = JournalLines.read(file);
    assertEquals(
        List.of("opened", "armed", "armed", "verdict", "verdict", "granted", "callback-begin"),
        JournalLines.events(lines).subList(0, 7));
    assertTrue(lines.stream().skip(1).allMatch(line -> line.get("watch").asLong() == 1));
  }

  @ParameterizedTest
  @CsvSource({"G, left", "?, violation"})
  void anEndWithoutAFailoverIsOnRecordBeforeItIsTold(char octet, String event) throws Exception {
    BlockingQueue<List<String>> atEnd = new LinkedBlockingQueue<>();
    LinkListener listener =
        new LinkListener() {
          @Override
          public void onEnded(Watch.End end) {
            atEnd.add(events());
          }
        };
    String peer;
    try (FailingSource source = new FailingSource();
        Journal journal = Journal.open(file, AMPLE);
        KeepaliveMonitor monitor = KeepaliveMonitor.builder().journal(journal).open();
        LinkPair pair = source.connect()) {
      peer = "127.0.0.1:" + source.address().getPort();
      monitor.watch(pair.link(), failover -> {}, listener);
      pair.send(octet);
      assertEquals(List.of("opened", "armed", event), atEnd.poll(10, TimeUnit.SECONDS));
    }
    JsonNode end = JournalLines.read(file).get(2);
    assertEquals(peer, end.get("peer").asText());
    assertEquals(1, end.get("watch").asLong());
  }

  @Test
  void aJournalThatCannotBeWrittenStopsNoFailover() throws Exception {
    BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
    Journal journal = Journal.open(file, AMPLE);
    journal.close();
    try (Scene scene = new Scene();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .journal(journal)
                .errorHandler((link, error) -> reported.add(error))
                .open()) {
      monitor.watch(scene.connect(), scene);
      scene.fail();
      scene.expect("callback");
      assertTrue(reported.poll(10, TimeUnit.SECONDS) instanceof IOException);
    }
  }

  @Test
  void aServersClaimIsOnRecord() throws Exception {
    LosableClaim claim = new LosableClaim(9);
    try (Journal journal = Journal.open(file, AMPLE)) {
      KeepaliveServer.Builder builder =
          KeepaliveServer.builder().journal(journal).guard(request -> claim, AMPLE);
      builder.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).close();
    }
    assertEquals(List.of("opened", "granted", "claim-released"), events());
  }
}
