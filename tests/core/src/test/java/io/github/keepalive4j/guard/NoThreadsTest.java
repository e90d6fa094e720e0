package io.github.keepalive4j.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Preload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A takeover while there is no thread to be had: none for the callback, none for a guard's timer,
 * none for the probes.
 */
class NoThreadsTest {
  @Test
  void theTakeoverGoesOnAndNewProbesAreRefused(@TempDir Path folder) throws Exception {
    List<String> command = new ArrayList<>(Preload.compile("no_threads", folder).command());
    command.add("NO_THREADS=" + folder.resolve("now"));
    try (ChildJvm child = ChildJvm.start(command, NoThreadsProgram.class, "-Xlog:disable")) {
      assertEquals("called back on keepalive-monitor-N-callback-N", child.readLine());
      assertEquals("TAKEN_OVER", child.readLine());
      assertEquals("DECLINED: the guard gave no answer within 200 ms", child.readLine());
      assertEquals(
          "DECLINED: the guard failed: java.lang.OutOfMemoryError: no thread", child.readLine());
      assertEquals(
          "watching descriptor N, which needs a native thread for its probes (ulimit -u, pids.max): "
              + "EAGAIN (Resource temporarily unavailable)",
          child.readLine());
    }
  }
}
