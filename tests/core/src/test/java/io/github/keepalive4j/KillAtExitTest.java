package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.internal.process.KillAtExit;
import io.github.keepalive4j.internal.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fence at the end of the JVM, whichever comes first. */
class KillAtExitTest {
  @TempDir private Path folder;

  @Test
  void theEndKillsWhatWasStarted() throws Exception {
    try (KillAtExit killAtExit = new KillAtExit()) {
      ProcessTree fence = killAtExit.start(new ProcessBuilder("sleep", "600"), FenceGuard.COOKIE);
      killAtExit.end();
      assertEquals(128 + 9, fence.head().waitFor());
    }
  }

  @Test
  void allAreKilledBeforeWhatMustComeAfter() throws Exception {
    try (KillAtExit killAtExit = new KillAtExit()) {
      ProcessTree fence = killAtExit.start(new ProcessBuilder("sleep", "600"), FenceGuard.COOKIE);
      KillAtExit.endAll();
      assertFalse(fence.head().isAlive());
    }
  }

  @Test
  void nothingIsStartedAfterTheEnd() throws Exception {
    Path ran = folder.resolve("ran");
    try (KillAtExit killAtExit = new KillAtExit()) {
      killAtExit.end();
      ProcessBuilder fence = new ProcessBuilder("touch", ran.toString());
      assertThrows(
          IOException.class, () -> killAtExit.start(fence, FenceGuard.COOKIE).head().waitFor());
    }
    assertFalse(Files.exists(ran));
  }
}
