package io.github.keepalive4j.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes that need not be children of this one. */
public final class ProcessState {
  private ProcessState() {}

  /**
   * Tells whether a process runs. A zombie, which only its parent can bury, doesn't. A process that
   * ends while its status is read is one that can't be read (ESRCH), not one without a file.
   */
  public static boolean isRunning(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "status")).contains("State:\tZ");
    } catch (IOException gone) {
      return false;
    }
  }
}
