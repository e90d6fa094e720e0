package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpenCloseTest {
  @Test
  void nativeAndSocketChannelTakeTurns() throws IOException {
    Map<String, Samples> rates = new OpenClose().run(1, 3, Duration.ofMillis(50));
    for (String key : new String[] {OpenClose.NATIVE, OpenClose.SOCKET_CHANNEL}) {
      assertEquals(3, rates.get(key).count());
      assertTrue(rates.get(key).percentile(0) > 0);
    }
  }
}
