package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.keepalive4j.bench.peer.BfdSession;
import io.github.keepalive4j.testkit.Lab;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BesideBfdTest {
  private static final long BUSY_MACHINE_NS = TimeUnit.SECONDS.toNanos(2);

  @Test
  void theSameCutsAreDetectedByBoth() throws Exception {
    boolean onCi = Boolean.parseBoolean(System.getenv("CI"));
    assumeTrue(onCi || Lab.isAvailable(), () -> Lab.unavailabilityCause().orElse(""));
    assumeTrue(onCi || BfdSession.isAvailable(), "keepalived is not installed");
    Map<String, Samples> detection = new BesideBfd(2).run();
    assertEquals(3, detection.size());
    assertEquals(4, detection.get(BesideBfd.LINK).count());
    detection.forEach(
        (key, samples) -> {
          long maxNs = samples.percentile(100);
          assertTrue(maxNs > 0 && maxNs < BUSY_MACHINE_NS, key + ": " + maxNs + " ns");
        });
  }
}
