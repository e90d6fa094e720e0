package io.github.keepalive4j.cli.workload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When a process began, by the clock of day as it is now. {@link ProcessHandle.Info} has it by the
 * clock as it was when this JVM began.
 */
final class ProcessStart {
  private static final Path PROC = Path.of("/proc");

  /** USER_HZ, in which the kernel counts for programs. */
  private static final int MS_PER_TICK = 10;

  /** Where proc(5) has {@code starttime}, counted from the field after the name. */
  private static final int START_FIELD = 19;

  private ProcessStart() {}

  /** Returns it to 10 ms, or empty if this process may not see it. */
  static Optional<Instant> of(int pid) {
    try {
      String stat = Files.readString(PROC.resolve(Integer.toString(pid)).resolve("stat"));
      String[] fields =
          stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // a name may have both
      long beganMs = Long.parseLong(fields[START_FIELD]) * MS_PER_TICK;
      return Optional.of(Instant.ofEpochMilli(System.currentTimeMillis() - (uptimeMs() - beganMs)));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static long uptimeMs() throws IOException {
    String uptime = Files.readString(PROC.resolve("uptime"));
    return (long) (1_000 * Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))));
  }
}
