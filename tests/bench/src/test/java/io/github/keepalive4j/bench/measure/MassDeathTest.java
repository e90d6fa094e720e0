package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MassDeathTest {
  @Test
  void everySubjectReportsAllDeaths() throws IOException {
    Map<String, Map<Integer, MassDeath.Times>> times = new LinkedHashMap<>();
    List<String> keys = Arrays.stream(Contender.values()).map(Contender::key).toList();
    try (MassDeath massDeath = new MassDeath(keys, 20)) {
      massDeath.run(1, 2, keys, times);
      massDeath.run(20, 2, keys, times);
    }
    assertEquals(Contender.values().length, times.size());
    for (Map<Integer, MassDeath.Times> byLinks : times.values()) {
      for (MassDeath.Times oneSize : byLinks.values()) {
        assertEquals(2, oneSize.first().count());
        assertTrue(oneSize.first().percentile(0) > 0);
        assertTrue(oneSize.first().percentile(0) <= oneSize.last().percentile(0));
      }
    }
  }
}
