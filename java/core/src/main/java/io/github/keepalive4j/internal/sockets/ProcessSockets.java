package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.shim.SocketCalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sockets of another process, by their inodes: {@code /proc/PID/fd} shows no cookies. Each look
 * and each duplicate takes a descriptor of that process by pidfd_getfd(2), and compares the inode
 * on it.
 */
final class ProcessSockets implements SocketTable {
  /** No process has such a descriptor. */
  private static final int NO_DESCRIPTOR = Integer.MAX_VALUE;

  private static final String PREFIX = "socket:[";

  private final int pid;
  private final int processFd;
  private final Sockets sockets = new Sockets();
  private final Looks one = new Looks();
  private final long[] inode = new long[1];
  private boolean closed;

  private ProcessSockets(int pid, int processFd) {
    this.pid = pid;
    this.processFd = processFd;
  }

  static ProcessSockets open(int pid) throws IOException {
    Range.check("pid", pid, 1, Integer.MAX_VALUE);
    Duplicate.requireNative();
    SocketCalls.acquire();
    ProcessSockets opened = null;
    int processFd = SocketCalls.openProcess(pid);
    try {
      if (processFd >= 0) {
        PtraceRights.check(pid, SocketCalls.ofProcess(processFd, NO_DESCRIPTOR));
        opened = new ProcessSockets(pid, processFd);
        return opened;
      }
    } finally {
      if (opened == null) {
        giveBack(processFd);
      }
    }
    throw noProcess(pid, -processFd);
  }

  private static void giveBack(int processFd) {
    if (processFd >= 0) {
      SocketCalls.close(processFd);
    }
    SocketCalls.release();
  }

  private static IOException noProcess(int pid, int errno) {
    boolean isExhausted = Errno.isExhaustion(errno) || errno == Errno.ENOSYS.number();
    return isExhausted
        ? new KeepaliveException("opening process " + pid, errno)
        : new IOException("there is no process " + pid);
  }

  @Override
  public Sockets scan() throws IOException {
    requireOpen();
    sockets.clear();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(directory())) {
      for (Path link : links) {
        addIfSocket(link);
      }
    } catch (DirectoryIteratorException e) {
      throw refusal(e.getCause());
    } catch (IOException e) {
      throw refusal(e);
    }
    if (SocketCalls.awaitProcess(processFd) == 0) { // another one may have its number
      throw hasEnded();
    }
    return sockets;
  }

  private Path directory() {
    return Path.of("/proc", Integer.toString(pid), "fd");
  }

  private void addIfSocket(Path link) {
    String target;
    try {
      target = Files.readSymbolicLink(link).toString();
    } catch (IOException closedMeanwhile) {
      return;
    }
    if (target.startsWith(PREFIX)) {
      String number = target.substring(PREFIX.length(), target.length() - 1);
      sockets.add(Integer.parseInt(link.getFileName().toString()), Long.parseLong(number));
    }
  }

  private IOException refusal(IOException e) {
    if (SocketCalls.awaitProcess(processFd) == 0) {
      return hasEnded();
    }
    return e instanceof AccessDeniedException
        ? PtraceRights.refusal(pid, "reading " + directory(), Errno.EACCES.number())
        : e;
  }

  private IOException hasEnded() {
    return new IOException("process " + pid + " has ended");
  }

  @Override
  public Optional<Duplicate> duplicate(int fd, long identity) throws IOException {
    requireOpen();
    int taken = take(fd, identity);
    if (taken == -Errno.ESTALE.number()) {
      return Optional.empty();
    }
    PtraceRights.check(pid, taken);
    return Duplicate.ifTcp(taken);
  }

  /** Returns a duplicate, or -ESTALE if the descriptor isn't that socket any more, or -errno. */
  private int take(int fd, long identity) {
    int taken = SocketCalls.ofProcess(processFd, fd);
    if (taken < 0) {
      return isGone(-taken) ? -Errno.ESTALE.number() : taken;
    }
    if (SocketCalls.inode(taken, inode) < 0 || inode[0] != identity) {
      SocketCalls.close(taken);
      return -Errno.ESTALE.number();
    }
    return taken;
  }

  private static boolean isGone(int errno) {
    return errno == Errno.EBADF.number()
        || errno == Errno.ENOTSOCK.number()
        || errno == Errno.ESRCH.number();
  }

  @Override
  public void look(Looks looks) throws IOException {
    requireOpen();
    for (int i = 0; i < looks.size(); i++) {
      int taken = take(looks.fd(i), looks.identity(i));
      if (taken < 0) {
        looks.fail(i, -taken);
      } else {
        lookAt(taken, looks, i);
      }
    }
  }

  private void lookAt(int duplicate, Looks looks, int i) {
    try {
      one.clear();
      one.add(duplicate, 0, looks.isWithOptions(i));
      SocketCalls.look(one.words(), 1);
      looks.put(i, one);
    } finally {
      SocketCalls.close(duplicate);
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the socket table of process " + pid + " is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      giveBack(processFd);
    }
  }
}
