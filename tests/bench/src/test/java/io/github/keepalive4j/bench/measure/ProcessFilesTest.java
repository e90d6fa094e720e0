package io.github.keepalive4j.bench.measure;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Threads may end while their files are read. */
class ProcessFilesTest {
  private static final int ENDS = 500;

  @Test
  void countsAThreadThatEndsWhileReadAsNothing() throws Exception {
    for (int end = 0; end < ENDS; end++) {
      Set<String> mortals = new HashSet<>(ProcessFiles.threads());
      Thread thread = new Thread(() -> {});
      thread.start();
      mortals.addAll(ProcessFiles.threads());
      while (thread.isAlive()) {
        ProcessFiles.usage(mortals);
      }
      ProcessFiles.usage(mortals);
    }
  }
}
