package io.github.keepalive4j.cli.sockets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that has sockets, as /proc shows it.
 *
 * @param pid its number in this PID namespace
 * @param name as the kernel has it, without control characters
 */
record TargetProcess(int pid, String name) {
  private static final Path PROC = Path.of("/proc");

  /** What a terminal obeys: control characters, marks of direction, ends of lines. */
  private static final String UNSAFE = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";

  private static final Pattern THREAD_GROUP = Pattern.compile("(?m)^Tgid:\\s*(\\d+)$");

  /**
   * Finds a process.
   *
   * @throws IOException if there is none with this number, or it is a thread's
   */
  static TargetProcess of(int pid) throws IOException {
    Matcher group = THREAD_GROUP.matcher(read(pid, "status"));
    if (!group.find()) {
      throw new IOException(
          "there is no process " + pid + "; a process in a container has another number outside");
    }
    if (!group.group(1).equals(Integer.toString(pid))) {
      throw new IOException(
          pid + " is a thread of process " + group.group(1) + ": use --pid " + group.group(1));
    }
    return named(pid);
  }

  /** Returns all processes that /proc shows but this one and the kernel's, by their numbers. */
  static List<TargetProcess> all() throws IOException {
    List<TargetProcess> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[1-9]*")) {
      for (Path entry : entries) {
        int pid = Integer.parseInt(entry.getFileName().toString());
        if (pid != ProcessHandle.current().pid() && !read(pid, "cmdline").isEmpty()) {
          all.add(named(pid));
        }
      }
    }
    all.sort(Comparator.comparingInt(TargetProcess::pid));
    return all;
  }

  private static TargetProcess named(int pid) {
    return new TargetProcess(pid, read(pid, "comm").strip().replaceAll(UNSAFE, "?"));
  }

  /** Returns a file's content, or nothing if the process is gone. */
  private static String read(int pid, String file) {
    try {
      byte[] content = Files.readAllBytes(PROC.resolve(pid + "/" + file));
      return new String(content, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  boolean isGone() {
    return read(pid, "status").isEmpty() || read(pid, "status").contains("\nState:\tZ");
  }

  @Override
  public String toString() {
    return "process " + pid + " (" + name + ")";
  }
}
