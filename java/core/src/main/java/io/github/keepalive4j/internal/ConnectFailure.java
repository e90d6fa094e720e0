package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** The exceptions of a connection that can't be made: the same on both transports. */
public final class ConnectFailure {
  private ConnectFailure() {}

  /**
   * Returns the exception for an errno.
   *
   * @param timeoutMs the time that connecting was allowed to take
   * @param cause the JDK's own exception, or null
   */
  public static IOException of(
      InetSocketAddress source, int timeoutMs, int errno, Throwable cause) {
    IOException failure = ofErrno("connecting to " + source, timeoutMs, errno);
    return cause == null ? failure : causedBy(cause, failure);
  }

  /** Returns the exception for one of the JDK's, in whose text the errno is found. */
  public static IOException of(InetSocketAddress source, int timeoutMs, IOException cause) {
    Errno errno = Errno.fromMessage(cause.getMessage());
    return errno == null
        ? causedBy(
            cause, new SocketException("connecting to " + source + ": " + cause.getMessage()))
        : of(source, timeoutMs, errno.number(), cause);
  }

  /** Returns the exception for a socket that the JDK couldn't set up. */
  public static IOException ofSetUp(InetSocketAddress source, IOException cause) {
    Errno errno = Errno.fromMessage(cause.getMessage());
    String what = "setting up a link to " + source;
    return causedBy(
        cause,
        errno == null
            ? new SocketException(what + ": " + cause.getMessage())
            : new KeepaliveException(what, errno.number()));
  }

  private static IOException ofErrno(String what, int timeoutMs, int number) {
    if (number == Errno.ETIME.number()) {
      return new SocketTimeoutException(what + ": no answer within " + timeoutMs + " ms");
    }
    KeepaliveException refusal = new KeepaliveException(what, number);
    Errno errno = Errno.of(number);
    if (errno == null) {
      return refusal;
    }
    return switch (errno) {
      case ECONNREFUSED -> new ConnectException(refusal.getMessage());
      case ETIMEDOUT -> new SocketTimeoutException(refusal.getMessage());
      case EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, ENONET ->
          new NoRouteToHostException(refusal.getMessage());
      default -> refusal;
    };
  }

  private static IOException causedBy(Throwable cause, IOException failure) {
    failure.initCause(cause);
    return failure;
  }
}
