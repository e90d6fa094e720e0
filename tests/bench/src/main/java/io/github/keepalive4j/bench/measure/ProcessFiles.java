package io.github.keepalive4j.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.NoSuchElementException;
import java.util.Scanner;
import java.util.Set;

/** What proc(5) says about processes: this one, unless another is named. */
final class ProcessFiles {
  private static final Path TASKS = Path.of("/proc/self/task");
  private static final long KIB = 1024;

  /** What threads have used since they were started. */
  record Usage(long wakeUps, long cpuNs) {}

  private ProcessFiles() {}

  /** Returns the ids of this process's threads. */
  static Set<String> threads() throws IOException {
    Set<String> ids = new HashSet<>();
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      tasks.forEach(task -> ids.add(task.getFileName().toString()));
    }
    return ids;
  }

  /** Adds up what these threads have used; one that has ended counts as nothing. */
  static Usage usage(Set<String> threads) throws IOException {
    long wakeUps = 0;
    long cpuNs = 0;
    for (String thread : threads) {
      Path task = TASKS.resolve(thread);
      try {
        wakeUps += field(task.resolve("status"), "voluntary_ctxt_switches");
        cpuNs += firstNumber(Files.readString(task.resolve("schedstat")));
      } catch (IOException gone) {
        // has ended: its file is gone, or can't be read (ESRCH)
      }
    }
    return new Usage(wakeUps, cpuNs);
  }

  static long residentBytes() throws IOException {
    return field(Path.of("/proc/self/status"), "VmRSS") * KIB;
  }

  /** Tells whether all threads of a process are stopped; one that has ended counts as stopped. */
  static boolean isStopped(long pid) throws IOException {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path task : tasks) {
        if (runs(task)) {
          return false;
        }
      }
      return true;
    }
  }

  private static boolean runs(Path task) {
    try {
      return !text(task.resolve("status"), "State").startsWith("T");
    } catch (IOException gone) {
      return false;
    }
  }

  private static long field(Path file, String name) throws IOException {
    return firstNumber(text(file, name));
  }

  private static String text(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    throw new NoSuchElementException(file + " has no field " + name);
  }

  private static long firstNumber(String text) {
    return new Scanner(text).nextLong();
  }
}
