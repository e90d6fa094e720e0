package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code /proc/PID/stat} says of a process or one of its threads. */
record ProcessStat(char state, long startTime) {
  private static final int STATE = 0;
  private static final int START_TIME = 19;

  /** Reads a stat file; empty if the process does not exist or has ended. */
  static Optional<ProcessStat> read(Path file) {
    try {
      String stat = Files.readString(file);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new ProcessStat(fields[STATE].charAt(0), Long.parseLong(fields[START_TIME])));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  static Optional<ProcessStat> ofProcess(long pid) {
    return read(Path.of("/proc", Long.toString(pid), "stat"));
  }

  boolean isStopped() {
    return state == 'T' || state == 't';
  }

  boolean isDead() {
    return state == 'Z' || state == 'X';
  }
}
