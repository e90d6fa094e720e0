package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Providers;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A lock of a file's own (flock(2)), whatever the file is called by now. The kernel drops it at the
 * end of this process, and not before, whichever descriptors of the file are closed. Not
 * thread-safe.
 */
public final class FileLock implements AutoCloseable {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Charset FILE_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final Set<Errno> UNSUPPORTED =
      EnumSet.of(Errno.ENOLCK, Errno.EOPNOTSUPP, Errno.ENOSYS);
  private static final int NONE = -1;

  private int fd; // NONE for none

  private FileLock(int fd) {
    this.fd = fd;
  }

  /**
   * Takes the lock of a file, without waiting for it. Where no such lock is to be had, without the
   * shim or by the file system, this stands for none.
   *
   * @return null if somebody else has it, maybe in this process
   * @throws IOException if the file can't be opened
   */
  public static FileLock take(Path file) throws IOException {
    if (!Providers.mayUseShim()) {
      return new FileLock(NONE);
    }
    ShimLibrary.acquire();
    int result = NONE;
    try {
      result = Shim.ka_file_lock(nameOf(file));
      return of(file, result);
    } finally {
      if (result < 0) {
        ShimLibrary.release();
      }
    }
  }

  private static FileLock of(Path file, int result) throws KeepaliveException {
    if (result >= 0) {
      return new FileLock(result);
    }
    Errno errno = Errno.of(-result);
    if (errno == Errno.EAGAIN) {
      return null;
    }
    if (errno == null || !UNSUPPORTED.contains(errno)) {
      throw new KeepaliveException("locking " + file, -result);
    }
    return new FileLock(NONE);
  }

  private static byte[] nameOf(Path file) {
    byte[] name = file.toString().getBytes(FILE_NAMES);
    return Arrays.copyOf(name, name.length + 1); // it ends with a 0
  }

  /** Returns a path of the very file that is locked; where none is, the path given. */
  public Path fileOr(Path path) {
    return fd == NONE ? path : DESCRIPTORS.resolve(Integer.toString(fd));
  }

  /** Tells whether this is the lock of the file that the path leads to. */
  public boolean isOf(Path path) throws IOException {
    return fd != NONE && Files.isSameFile(fileOr(path), path);
  }

  @Override
  public void close() {
    if (fd != NONE) {
      var unused = Shim.ka_file_unlock(fd);
      fd = NONE;
      ShimLibrary.release();
    }
  }
}
