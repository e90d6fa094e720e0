package io.github.keepalive4j.cli.command;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A pipe to a process that waits for one line. The process opens its end by a path, so that its
 * standard input stays what this process's is. No other process has an end: if this one dies, the
 * reader finds the end of the file.
 */
final class ReleasePipe implements AutoCloseable {
  /** Leads to this process also where /proc is that of another PID namespace. */
  private static final Path SELF = Path.of("/proc/self");

  private final Path descriptors;
  private final int readEnd;
  private final int writeEnd;
  private boolean open = true; // guarded by this

  private ReleasePipe(Path descriptors, int readEnd, int writeEnd) {
    this.descriptors = descriptors;
    this.readEnd = readEnd;
    this.writeEnd = writeEnd;
  }

  static ReleasePipe open() throws IOException {
    Path descriptors = SELF.toRealPath().resolve("fd");
    int[] ends = new int[2];
    try {
      LibC.pipe2(ends, LibC.O_CLOEXEC);
    } catch (LastErrorException | LinkageError e) {
      throw new IOException("no pipe", e);
    }
    return new ReleasePipe(descriptors, ends[0], ends[1]);
  }

  /** Returns where the reader opens its end while this process lives. */
  String path() {
    return descriptors.resolve(Integer.toString(readEnd)).toString();
  }

  /**
   * Writes the line and closes the pipe.
   *
   * @throws IOException if nobody can read it: the reader has ended, or hasn't opened its end
   */
  synchronized void send(String line) throws IOException {
    if (!open) {
      throw new IOException("the pipe is closed");
    }
    open = false;
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      LibC.close(readEnd); // else it would be a reader, too
      if (LibC.write(writeEnd, bytes, bytes.length) != bytes.length) {
        throw new IOException("the pipe is full");
      }
    } catch (LastErrorException e) {
      throw new IOException("nobody reads the pipe", e);
    } finally {
      closeQuietly(writeEnd);
    }
  }

  @Override
  public synchronized void close() {
    if (open) {
      open = false;
      closeQuietly(readEnd);
      closeQuietly(writeEnd);
    }
  }

  private static void closeQuietly(int end) {
    try {
      LibC.close(end);
    } catch (LastErrorException e) {
      // it is closed all the same
    }
  }
}
