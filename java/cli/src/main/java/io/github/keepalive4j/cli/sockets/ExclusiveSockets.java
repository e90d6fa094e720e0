package io.github.keepalive4j.cli.sockets;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.sockets.SocketTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sockets of a process, which no other command sets while this is open: it holds an exclusive
 * flock(2) on the process's directory of descriptors. The kernel drops the lock when this command
 * ends, however that comes.
 */
final class ExclusiveSockets implements AutoCloseable {
  private static final Path LOCKS = Path.of("/proc/locks");

  private final SocketTable table;
  private final Pointer directory; // a stream

  private ExclusiveSockets(SocketTable table, Pointer directory) {
    this.table = table;
    this.directory = directory;
  }

  /**
   * Takes the lock.
   *
   * @throws IOException if the process has ended, the kernel doesn't permit it, or another command
   *     has the lock
   */
  static ExclusiveSockets of(TargetProcess process) throws IOException {
    SocketTable table = SocketTable.ofProcess(process.pid()); // first: it tells a missing right
    ExclusiveSockets opened = null;
    try {
      opened = new ExclusiveSockets(table, lock(process));
      return opened;
    } finally {
      if (opened == null) {
        table.close();
      }
    }
  }

  private static Pointer lock(TargetProcess process) throws IOException {
    Path path = Path.of("/proc", Integer.toString(process.pid()), "fd");
    Pointer directory = LibC.fopen(path.toString(), "re");
    if (directory == null) {
      throw new IOException(process + (process.isGone() ? " has ended" : ": can't open " + path));
    }
    try {
      int unused = LibC.flock(LibC.fileno(directory), LibC.LOCK_EX | LibC.LOCK_NB);
      return directory;
    } catch (LastErrorException e) {
      IOException refusal = refusal(process, path, e.getErrorCode());
      LibC.fclose(directory);
      throw refusal;
    }
  }

  SocketTable table() {
    return table;
  }

  private static IOException refusal(TargetProcess process, Path path, int errno) {
    if (errno != Errno.EAGAIN.number()) {
      return new KeepaliveException("locking " + path, errno);
    }
    return new IOException(
        holder(path)
            + " sets the sockets of "
            + process
            + " already: end it first, because two would overwrite each other's options");
  }

  /** The kernel doesn't tell one in another PID namespace. */
  private static String holder(Path path) {
    try {
      Matcher lock = lockOf(path).matcher(Files.readString(LOCKS));
      if (lock.find()) {
        return TargetProcess.of(Integer.parseInt(lock.group(1))).toString();
      }
    } catch (IOException e) {
      // it has ended meanwhile
    }
    return "another process";
  }

  /** Returns how /proc/locks shows it: by the file system's device, and the inode. */
  private static Pattern lockOf(Path path) throws IOException {
    long device = (Long) Files.getAttribute(path, "unix:dev");
    return Pattern.compile(
        String.format(
            "FLOCK +ADVISORY +WRITE +(\\d+) %02x:%02x:%d ",
            (device >> 8) & 0xFFF,
            (device & 0xFF) | ((device >> 12) & 0xFFF00),
            (Long) Files.getAttribute(path, "unix:ino")));
  }

  @Override
  public void close() {
    table.close();
    LibC.fclose(directory);
  }
}
