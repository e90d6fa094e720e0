package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a connection to QEMU does without options. */
class DefaultsTest {
  @Test
  void aConnectionHasFiveSecondsForEachStep() {
    QmpOptions options = QmpOptions.defaults();
    assertEquals(Duration.ofSeconds(5), options.connectTimeout());
    assertEquals(Duration.ofSeconds(5), options.commandTimeout());
    assertEquals(16 << 20, options.maxReplyBytes());
  }

  @Test
  void aSessionReconnectsAfter50MsToASecondAndChecksEachFiveSeconds() {
    QmpSessionOptions options = QmpSessionOptions.defaults();
    assertEquals(QmpOptions.defaults(), options.connection());
    assertEquals(Duration.ofMillis(50), options.firstBackoff());
    assertEquals(Duration.ofSeconds(1), options.longestBackoff());
    assertEquals(Duration.ofSeconds(5), options.checkInterval());
    assertEquals(Duration.ofSeconds(5), options.checkTimeout());
  }
}
