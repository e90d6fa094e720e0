package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import java.io.IOException;
import java.util.Optional;

/**
 * Any process of this host. The kernel tells its end (pidfd_open(2)), so nobody polls. It stands
 * for that process also after another one has got the same number.
 */
public final class ForeignProcess implements AutoCloseable {
  private static final int FOREVER = -1;

  private final Descriptor descriptor;

  private ForeignProcess(int fd) {
    this.descriptor = new Descriptor(fd);
    var unused = descriptor.wakeFd(); // before a wake, which would be lost
  }

  /**
   * Finds a process.
   *
   * @return empty if there is none with this number
   * @throws KeepaliveException if the kernel refuses: ENOSYS before Linux 5.3
   * @throws IOException if the shim doesn't load
   */
  public static Optional<ForeignProcess> of(int pid) throws IOException {
    ShimLibrary.acquire();
    try {
      int fd = Shim.ka_process_open(pid);
      if (isNobody(-fd)) {
        return Optional.empty();
      }
      if (fd < 0) {
        throw new KeepaliveException("watching process " + pid, -fd);
      }
      return Optional.of(new ForeignProcess(fd));
    } finally {
      ShimLibrary.release();
    }
  }

  /** A thread's number is EINVAL, and ENOENT since Linux 6.15. */
  private static boolean isNobody(int errno) {
    return errno == Errno.ESRCH.number()
        || errno == Errno.EINVAL.number()
        || errno == Errno.ENOENT.number();
  }

  /**
   * Waits until the process has ended. To be called on one thread, which then closes this.
   *
   * @return false if {@link #wake} was called before
   */
  public boolean awaitEnd() throws IOException {
    return await(FOREVER);
  }

  /** Tells whether the process has ended. To be called on the thread that waits. */
  public boolean hasEnded() throws IOException {
    return await(0);
  }

  private boolean await(int timeoutMs) throws IOException {
    int fd = descriptor.acquire();
    try {
      int wakeFd = descriptor.wakeFd();
      int result = wakeFd < 0 ? wakeFd : Shim.ka_process_await(fd, wakeFd, timeoutMs);
      if (result == 0) {
        return true;
      }
      if (result == -Errno.ECANCELED.number() || result == -Errno.ETIME.number()) {
        return false;
      }
      throw new KeepaliveException("waiting for a process", -result);
    } finally {
      descriptor.release();
    }
  }

  /** Ends the wait, or the next one. Thread-safe. */
  public void wake() {
    descriptor.wake();
  }

  @Override
  public void close() {
    if (descriptor.beginClose()) {
      descriptor.release();
    }
  }
}
