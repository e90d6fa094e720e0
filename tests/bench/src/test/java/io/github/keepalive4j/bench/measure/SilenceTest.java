package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.support.RequiresLab;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SilenceTest {
  /** Six timers in a row, each late by up to 256 ms, and a busy machine. */
  private static final long LATENESS_NS = TimeUnit.SECONDS.toNanos(3);

  @Test
  @RequiresLab
  void excessIsNoMoreThanTheKernelsLateness() throws Exception {
    Map<String, Samples> excess = new Silence(List.of(Contender.values()), 2).run(2);
    assertEquals(Contender.values().length, excess.size());
    excess.forEach(
        (key, samples) -> {
          assertEquals(4, samples.count());
          assertTrue(samples.median() < LATENESS_NS, key + ": " + samples.median() + " ns");
        });
  }
}
