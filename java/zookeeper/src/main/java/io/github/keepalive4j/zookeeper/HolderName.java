package io.github.keepalive4j.zookeeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The default name of a holder. */
final class HolderName {
  private HolderName() {}

  /** Returns {@code HOST/PID}, or the process id alone where the host's name can't be read. */
  static String ofThisProcess() {
    String process = Long.toString(ProcessHandle.current().pid());
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip() + "/" + process;
    } catch (IOException e) {
      return process;
    }
  }
}
