package io.github.keepalive4j.cli.workload;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
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

  /** A container's /proc/uptime may count from the container's start. */
  private static long uptimeMs() {
    try (Memory time = new Memory(2L * NativeLong.SIZE)) {
      LibC.clock_gettime(LibC.CLOCK_BOOTTIME, time);
      long seconds = time.getNativeLong(0).longValue();
      return seconds * 1_000 + time.getNativeLong(NativeLong.SIZE).longValue() / 1_000_000;
    }
  }

  private static final class LibC {
    static final int CLOCK_BOOTTIME = 7;

    static {
      Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int clock_gettime(int clock, Pointer time) throws LastErrorException;
  }
}
