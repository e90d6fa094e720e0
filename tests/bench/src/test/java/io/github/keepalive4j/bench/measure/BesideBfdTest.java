package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.bench.peer.BfdSession;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BesideBfdTest {
  private static final long BUSY_MACHINE_NS = TimeUnit.SECONDS.toNanos(2);

  @Test
  @RequiresLab
  void linkAndBfdDetectTheSameCuts() throws Exception {
    Needs.program(BfdSession.PROGRAM);
    BestOfFive.requireWithin(BesideBfd.BUDGET, BesideBfdTest::bestOfLink);
  }

  @Test
  @RequiresLab
  void besideBusyLoopsEverySessionRunsInRealTime() throws Exception {
    Needs.program(BfdSession.PROGRAM);
    Map<String, Samples> detection = new BesideBfd(1, 2).run();
    assertEquals(3, detection.size(), detection.keySet()::toString);
    detection.forEach(
        (key, samples) ->
            assertTrue(key.equals(BesideBfd.LINK) || key.endsWith(BesideBfd.REAL_TIME), key));
    assertEquals(2, detection.get(BesideBfd.LINK).count());
  }

  private static Duration bestOfLink() throws Exception {
    long startNs = System.nanoTime();
    Map<String, Samples> detection = new BesideBfd(1, 0).run();
    assertTrue(System.nanoTime() - startNs >= BesideBfd.LEAST_AGE.toNanos(), "left alone before");
    assertEquals(5, detection.size());
    assertEquals(4, detection.get(BesideBfd.LINK).count());
    long inRealTime =
        detection.keySet().stream().filter(key -> key.endsWith(BesideBfd.REAL_TIME)).count();
    assertEquals(2, inRealTime);
    detection.forEach(
        (key, samples) -> {
          long maxNs = samples.percentile(100);
          assertTrue(maxNs > 0 && maxNs < BUSY_MACHINE_NS, key + ": " + maxNs + " ns");
        });
    return Duration.ofNanos(detection.get(BesideBfd.LINK).percentile(0));
  }
}
