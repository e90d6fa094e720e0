package io.github.keepalive4j;

import io.github.keepalive4j.internal.Errno;
import java.net.SocketException;
import java.util.Objects;

/** An error of the kernel, with its errno. The same on both transports. */
public final class KeepaliveException extends SocketException {
  private static final long serialVersionUID = 1L;

  /** The kernel's answer, as errno(3) numbers it. */
  private final int errno;

  /**
   * Makes the exception.
   *
   * @param what what was attempted, as the start of the message
   * @param errno the kernel's answer, as errno(3) numbers it
   */
  public KeepaliveException(String what, int errno) {
    super(
        Objects.requireNonNull(what, "what")
            + ": "
            + Errno.nameOf(errno)
            + " ("
            + Errno.describe(errno)
            + ")");
    this.errno = errno;
  }

  /** Returns the kernel's answer, as errno(3) numbers it. */
  public int errno() {
    return errno;
  }

  /**
   * Returns the name of {@link #errno()}.
   *
   * @return for example {@code ECONNREFUSED}
   */
  public String errnoName() {
    return Errno.nameOf(errno);
  }
}
