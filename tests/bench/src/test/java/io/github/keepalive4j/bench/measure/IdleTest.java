package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IdleTest {
  private static final int LINKS = 500;

  @Test
  void idleMonitorWakesOnlyForSuspicionOnItsGrid() throws IOException {
    Map<String, Integer> links = Map.of(Contender.NATIVE.key(), LINKS, Idle.SUSPICION, LINKS);
    Map<String, IdleCost> costs = Idle.run(links, Duration.ofSeconds(2));
    IdleCost plain = costs.get(Contender.NATIVE.key());
    IdleCost suspicious = costs.get(Idle.SUSPICION);
    assertEquals(1, plain.threads());
    assertTrue(plain.wakeUps() <= 2 * 10 + 1, plain + ""); // each link is looked at in 5.75 s
    assertTrue(suspicious.wakeUps() <= 2 * 10 + 1, suspicious + "");
    assertTrue(plain.heapBytesPerLink() <= 480, plain + "");
  }
}
