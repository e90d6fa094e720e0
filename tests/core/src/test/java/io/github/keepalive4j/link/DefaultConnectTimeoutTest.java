package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@Tag("lab") // it waits as long as those do
class DefaultConnectTimeoutTest {
  @Test
  void aConnectEndsAfterFiveSeconds() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      long startNs = System.nanoTime();
      assertThrows(
          SocketTimeoutException.class,
          () -> KeepaliveSocket.connect(silent.address(), KeepaliveOptions.defaults()));
      long tookMs = Duration.ofNanos(System.nanoTime() - startNs).toMillis();
      assertTrue(tookMs >= 5_000 && tookMs < 10_000, () -> tookMs + " ms");
    }
  }
}
