package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LogRecords;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A source that is less patient than three times a backup's budget may reset it after a cut.
 * Neither end knows the other's options, so each warns of its own.
 */
class ImpatientSourceTest extends EachTransport {
  private static final Duration MOST = Duration.ofMinutes(10);

  private static List<String> connectWithin(Duration budget, int lines) throws Exception {
    try (LogRecords log = LogRecords.of(KeepaliveServer.class);
        FailingSource source = new FailingSource()) {
      source.connect(KeepaliveOptions.detectWithin(budget)).close();
      Eventually.await("the warnings", () -> log.warnings().size() >= lines);
      return log.warnings();
    }
  }

  private static List<String> openSheddingAfter(Duration time, int lines) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (LogRecords log = LogRecords.of(KeepaliveServer.class)) {
      KeepaliveServer.builder().shedAfter(time).open(address).close();
      Eventually.await("the warnings", () -> log.warnings().size() >= lines);
      return log.warnings();
    }
  }

  @Test
  void aBackupOfMoreThanAThirdOfTheDefaultIsWarned() throws Exception {
    assertEquals(List.of(), connectWithin(MOST, 0));
    Duration budget = MOST.plusSeconds(30);
    List<String> warnings = connectWithin(budget, 1);
    assertEquals(1, warnings.size(), warnings::toString);
    Duration worst = KeepaliveOptions.detectWithin(budget).worstCaseDetection();
    long enough = -Math.floorDiv(-3 * worst.toMillis(), 1_000L);
    assertContains(warnings.get(0), worst.toMillis() + "ms to detect");
    assertContains(warnings.get(0), "a source waits 30m for a silent backup");
    assertContains(warnings.get(0), "(serve --shed-after) to " + enough + "s or more");
  }

  @Test
  void aSourceOfLessThanThreeTimesTheDefaultBudgetIsWarned() throws Exception {
    assertEquals(List.of(), openSheddingAfter(Duration.ofSeconds(21), 0));
    List<String> warnings = openSheddingAfter(Duration.ofSeconds(20), 1);
    assertEquals(1, warnings.size(), warnings::toString);
    assertContains(warnings.get(0), "(--shed-after) is 20s");
    assertContains(warnings.get(0), "takes up to 6750ms to detect");
    assertContains(warnings.get(0), "choose 21s or more");
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), text);
  }
}
