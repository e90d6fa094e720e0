package io.github.keepalive4j.cli.systemd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard error goes to systemd's journal, which then reads a level before each line. */
public final class JournalStream {
  private static final boolean IS_STANDARD_ERROR = isStandardError();

  private JournalStream() {}

  /** A line's level, as sd-daemon(3) has it. */
  public enum Level {
    ERROR(3),
    WARNING(4),
    NOTICE(5),
    INFO(6);

    private final int number;

    Level(int number) {
      this.number = number;
    }
  }

  /** Returns what to write before a line to standard error: a level, or nothing. */
  public static String prefix(Level level) {
    return IS_STANDARD_ERROR ? "<" + level.number + ">" : "";
  }

  /** The variable may be inherited from a service that has started this by a pipe. */
  private static boolean isStandardError() {
    String stream = System.getenv("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Path error = Path.of("/proc/self/fd/2");
      Object device = Files.getAttribute(error, "unix:dev");
      return stream.equals(device + ":" + Files.getAttribute(error, "unix:ino"));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
