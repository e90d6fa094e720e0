package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.internal.shim.ForeignProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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

  /** What the file says, and when it was written. */
  record Content(int pid, Instant written) {}

  /** Reads the file. It may take as long as its disk hangs. */
  Content read() throws NoProcessException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) { // opening a FIFO would block
        throw NoProcessException.ofUsage(path + " is no regular file");
      }
      return new Content(parse(firstLine()), attributes.lastModifiedTime().toInstant());
    } catch (NoSuchFileException e) {
      throw new NoProcessException(path + " doesn't exist");
    } catch (AccessDeniedException e) {
      throw NoProcessException.ofUsage(path + " can't be read: permission denied");
    } catch (FileSystemException e) { // such as a folder that is none
      throw new NoProcessException(path + " can't be read: " + e.getReason());
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
    throw NoProcessException.ofUsage(
        path + " has no process number from 1 to " + Integer.MAX_VALUE + " in its first line");
  }

  /** Finds the process that a file names. The caller closes it. */
  Named find(Content content) throws NoProcessException {
    int pid = content.pid();
    try {
      Optional<ForeignProcess> found = ForeignProcess.of(pid);
      if (found.isEmpty()) {
        throw new NoProcessException(ended(pid));
      }
      ForeignProcess process = found.get();
      boolean isIt = false;
      try {
        requireRunning(content, process);
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

  private void requireRunning(Content content, ForeignProcess process)
      throws IOException, NoProcessException {
    int pid = content.pid();
    Optional<Instant> began = ProcessStart.of(pid);
    if (process.hasEnded()) {
      throw new NoProcessException(ended(pid));
    }
    if (began.isPresent() && began.get().isAfter(content.written().plusMillis(TOLERANCE_MS))) {
      throw new NoProcessException(
          "process " + pid + " began after " + path + " was written: its number was used again");
    }
  }
}
