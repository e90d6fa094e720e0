package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FirstFailureTest {
  @Test
  void everySubjectReportsItsFirstFailure() throws IOException {
    List<String> keys = Arrays.stream(Contender.values()).map(Contender::key).toList();
    try (Killer killer = new Killer()) {
      Map<String, Samples> samples = new FirstFailure(killer).run(keys, 1);
      assertEquals(keys, List.copyOf(samples.keySet()));
      for (Samples times : samples.values()) {
        assertEquals(1, times.count());
        assertTrue(times.percentile(0) > 0);
      }
    }
  }
}
