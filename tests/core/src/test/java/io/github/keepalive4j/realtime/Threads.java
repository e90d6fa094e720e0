package io.github.keepalive4j.realtime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the kernel schedules this process's threads. */
final class Threads {
  static final int FIFO = 1; // of sched(7)
  static final int OTHER = 0;

  private static final Path ALL = Path.of("/proc/self/task");

  private Threads() {}

  /**
   * One thread.
   *
   * @param name the first 15 characters
   */
  record Scheduled(String name, int policy, int priority) {}

  static List<Scheduled> all() throws IOException {
    List<Scheduled> found = new ArrayList<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(ALL)) {
      for (Path task : tasks) {
        read(task).ifPresent(stat -> found.add(parse(stat)));
      }
    }
    return found;
  }

  /** Returns nothing of a thread that has ended meanwhile. */
  private static Optional<String> read(Path task) {
    try {
      return Optional.of(Files.readString(task.resolve("stat")));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** Returns the calling thread. */
  static Scheduled current() {
    try {
      return parse(Files.readString(Path.of("/proc/thread-self/stat")));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a line of proc_pid_stat(5). */
  static Scheduled parse(String stat) {
    int end = stat.lastIndexOf(')');
    String[] fields = stat.substring(end + 2).split(" ", -1); // from the third on
    return new Scheduled(
        stat.substring(stat.indexOf('(') + 1, end),
        Integer.parseInt(fields[41 - 3].strip()),
        Integer.parseInt(fields[40 - 3].strip()));
  }

  /** Returns how much memory is locked, in bytes. */
  static long lockedBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmLck:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new AssertionError("no VmLck");
  }
}
