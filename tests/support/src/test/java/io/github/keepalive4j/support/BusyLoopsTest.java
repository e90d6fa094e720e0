package io.github.keepalive4j.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusyLoopsTest {
  @TempDir Path folder;

  @Test
  void eachKeepsAProcessorBusyUntilTheyAreClosed() throws Exception {
    Needs.program("cc");
    try (BusyLoops loops = BusyLoops.start(2, folder)) {
      assertEquals(2, running().size());
      for (ProcessHandle loop : running()) {
        Eventually.await("100 ms of processor time", () -> cpu(loop).toMillis() >= 100);
      }
      assertEquals(2, running().size(), loops::toString);
    }
    assertEquals(List.of(), running());
  }

  @Test
  void aLoopEndsWhenItsParentHas() throws Exception {
    Needs.program("cc");
    Path program = CProgram.compile(folder, BusyLoops.class, "busy");
    Process orphan = new ProcessBuilder(program.toString(), "1").start();
    try {
      assertTrue(orphan.waitFor(10, TimeUnit.SECONDS));
      assertEquals(0, orphan.exitValue());
    } finally {
      orphan.destroyForcibly();
    }
  }

  private List<ProcessHandle> running() {
    String program = folder.resolve("busy").toString();
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().filter(program::equals).isPresent())
        .toList();
  }

  private static Duration cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
