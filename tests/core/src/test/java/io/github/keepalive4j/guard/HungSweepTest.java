package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Preload;
import io.github.keepalive4j.support.ProcessState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fence is killed though the environment of some other process can't be read. */
@Timeout(60)
class HungSweepTest {
  /** The fence's timeout is 300 ms. */
  private static final long LIMIT_MS = 5_000;

  @TempDir private Path directory;

  @Test
  void aProcessThatCannotBeReadHoldsUpNoFence() throws Exception {
    Path orphan = directory.resolve("orphan");
    List<String> hungEnviron =
        new ArrayList<>(Preload.compile("hung_environ", directory).command());
    hungEnviron.add("HUNG_PID=" + ProcessHandle.current().pid());
    try (ChildJvm child =
        ChildJvm.start(hungEnviron, HungSweepProgram.class, "-Dorphan=" + orphan)) {
      long tookMs = Long.parseLong(child.readLine());
      assertTrue(tookMs <= LIMIT_MS, () -> tookMs + " ms");
    }
    assertFalse(ProcessState.isRunning(Files.readString(orphan).strip()));
  }
}
