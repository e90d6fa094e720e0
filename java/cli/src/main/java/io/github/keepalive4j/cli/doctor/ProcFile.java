package io.github.keepalive4j.cli.doctor;

import java.io.BufferedReader;
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

  /**
   * Returns a setting's first line. {@link Files#readString} would return the first digit alone: it
   * reads one byte of a file whose size is 0, and the kernel gives the rest to no second read.
   */
  static String setting(String name) {
    try (BufferedReader file = Files.newBufferedReader(Path.of("/proc/sys", name))) {
      String line = file.readLine();
      return line == null ? UNKNOWN : line.strip();
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
