package io.github.keepalive4j.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel tells in /proc. */
final class ProcFile {
  private static final String UNKNOWN = "unknown";
  private static final Pattern COLUMNS = Pattern.compile("\\s{2,}");

  private ProcFile() {}

  static String setting(String name) {
    try {
      return Files.readString(Path.of("/proc/sys", name)).strip();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /** Returns the soft and the hard limit of this process, as {@code getrlimit(2)} has them. */
  static String limit(String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> COLUMNS.split(line))
          .map(columns -> columns[1] + " (hard limit " + columns[2] + ")")
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
