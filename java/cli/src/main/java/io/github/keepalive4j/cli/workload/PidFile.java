package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.shim.ForeignProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A file whose first line is the number of a process. Numbers are used again: a process that began
 * after the file was written is another one.
 */
final class PidFile {
  private static final int LINE_SIZE = 64;

  /** A file's time is up to a jiffy old, and a step of the clock isn't seen. */
  private static final long TOLERANCE_MS = 2_000;

  private final Path path;

  PidFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * A process and how its end is told. That text is made here, because nothing may be made between
   * the end and the backups' hearing of it.
   */
  record Named(int pid, ForeignProcess process, String end) {}

  /** Reads the number. */
  int pid() throws NoProcessException {
    try {
      if (!Files.exists(path)) {
        throw new NoProcessException(path + " doesn't exist");
      }
      if (!Files.isRegularFile(path)) { // opening a FIFO would block
        throw new NoProcessException(path + " is no regular file");
      }
      return parse(firstLine());
    } catch (NoSuchFileException e) {
      throw new NoProcessException(path + " doesn't exist");
    } catch (IOException e) {
      throw new NoProcessException(path + " can't be read: " + Messages.of(e));
    }
  }

  private String firstLine() throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      String head = new String(file.readNBytes(LINE_SIZE), StandardCharsets.ISO_8859_1);
      return head.lines().findFirst().orElse("").strip();
    }
  }

  private int parse(String line) throws NoProcessException {
    if (line.isEmpty()) {
      throw new NoProcessException(path + " is empty");
    }
    try {
      int pid = Integer.parseInt(line);
      if (pid > 0) {
        return pid;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new NoProcessException(
        path + " has no process number from 1 to " + Integer.MAX_VALUE + " in its first line");
  }

  /** Finds the process that has this number. The caller closes it. */
  Named find(int pid) throws NoProcessException {
    try {
      Optional<ForeignProcess> found = ForeignProcess.of(pid);
      if (found.isEmpty()) {
        throw new NoProcessException(ended(pid));
      }
      ForeignProcess process = found.get();
      boolean isIt = false;
      try {
        requireRunning(pid, process);
        isIt = true;
        return new Named(pid, process, ended(pid));
      } finally {
        if (!isIt) {
          process.close();
        }
      }
    } catch (IOException e) {
      throw new NoProcessException(
          "process " + pid + " of " + path + " can't be watched: " + Messages.of(e));
    }
  }

  private String ended(int pid) {
    return "process " + pid + " of " + path + " has ended";
  }

  private void requireRunning(int pid, ForeignProcess process)
      throws IOException, NoProcessException {
    Optional<Instant> began = ProcessStart.of(pid);
    Instant written = Files.getLastModifiedTime(path).toInstant();
    if (process.hasEnded()) {
      throw new NoProcessException(ended(pid));
    }
    if (began.isPresent() && began.get().isAfter(written.plusMillis(TOLERANCE_MS))) {
      throw new NoProcessException(
          "process " + pid + " began after " + path + " was written: its number was used again");
    }
  }
}
