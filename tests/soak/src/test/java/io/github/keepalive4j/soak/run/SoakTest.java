package io.github.keepalive4j.soak.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.program.BackupEvent;
import io.github.keepalive4j.support.RequiresLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Runs a thousand links under random faults for a while. {@code -Dkeepalive4j.soak.minutes=30} runs
 * longer, {@code -Dkeepalive4j.soak.seed=…} makes the same choices again. The report is in {@code
 * target/soak-report}.
 */
@RequiresLab
class SoakTest {
  private static final Duration SHORT = Duration.ofSeconds(15);
  private static final Integer MINUTES = Integer.getInteger("keepalive4j.soak.minutes");
  private static final long SEED = Long.getLong("keepalive4j.soak.seed", System.nanoTime());
  private static final Path DIRECTORY = Path.of("target", "soak-report");

  @Test
  void noFailoverIsLostDoubledOrFalseAndNothingRises() throws Exception {
    Duration length = MINUTES == null ? SHORT : Duration.ofMinutes(MINUTES);
    Result result = Soak.run(Plan.of(DIRECTORY, length, SEED));
    assertEquals(List.of(), result.problems(), "seed " + SEED);
    assertTrue(
        result.history().count(BackupEvent.FAILOVER) >= Plan.DEFAULT_LINKS,
        () -> "few failovers, seed " + SEED);
    assertTrue(Files.size(DIRECTORY.resolve(Plot.FILE)) > 0);
  }
}
