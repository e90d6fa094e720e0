package io.github.keepalive4j.internal;

import java.util.Locale;

/** The errors that a link meets, as {@code include/uapi/asm-generic/errno.h} numbers them. */
public enum Errno {
  EPERM(1, "Operation not permitted"),
  ENOENT(2, "No such file or directory"),
  ESRCH(3, "No such process"),
  EINTR(4, "Interrupted system call"),
  EBADF(9, "Bad file descriptor"),
  EAGAIN(11, "Resource temporarily unavailable"),
  ENOMEM(12, "Cannot allocate memory"),
  EACCES(13, "Permission denied"),
  EEXIST(17, "File exists"),
  ENODEV(19, "No such device"),
  EINVAL(22, "Invalid argument"),
  ENFILE(23, "Too many open files in system"),
  EMFILE(24, "Too many open files"),
  EPIPE(32, "Broken pipe"),
  ENOLCK(37, "No locks available"),
  ENOSYS(38, "Function not implemented"),
  ETIME(62, "Timer expired"),
  ENONET(64, "Machine is not on the network"),
  EREMOTE(66, "Object is remote"),
  EPROTO(71, "Protocol error"),
  ENOTUNIQ(76, "Name not unique on network"),
  ENOTSOCK(88, "Socket operation on non-socket"),
  EPROTOTYPE(91, "Protocol wrong type for socket"),
  ENOPROTOOPT(92, "Protocol not available"),
  EOPNOTSUPP(95, "Operation not supported"),
  EAFNOSUPPORT(97, "Address family not supported by protocol"),
  EADDRINUSE(98, "Address already in use"),
  EADDRNOTAVAIL(99, "Cannot assign requested address"),
  ENETDOWN(100, "Network is down"),
  ENETUNREACH(101, "Network is unreachable"),
  ECONNABORTED(103, "Software caused connection abort"),
  ECONNRESET(104, "Connection reset by peer"),
  ENOBUFS(105, "No buffer space available"),
  ENOTCONN(107, "Transport endpoint is not connected"),
  ETIMEDOUT(110, "Connection timed out"),
  ECONNREFUSED(111, "Connection refused"),
  EHOSTDOWN(112, "Host is down"),
  EHOSTUNREACH(113, "No route to host"),
  ESTALE(116, "Stale file handle"),
  ECANCELED(125, "Operation canceled");

  private static final Errno[] VALUES = values();

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** Returns the error's number. */
  public int number() {
    return number;
  }

  /** Tells whether the process or the system is out of descriptors or memory. That passes. */
  public static boolean isExhaustion(int number) {
    return number == EMFILE.number
        || number == ENFILE.number
        || number == ENOBUFS.number
        || number == ENOMEM.number;
  }

  /** Returns the name of an error, as {@code strerrorname_np(3)} does. */
  public static String nameOf(int number) {
    Errno errno = of(number);
    return errno == null ? "errno " + number : errno.name();
  }

  /** Returns the C locale's text of an error, as {@code strerror(3)} does. */
  public static String describe(int number) {
    Errno errno = of(number);
    return errno == null ? "Unknown error " + number : errno.text;
  }

  /**
   * Finds the error whose text is in an exception's message, or null. The JDK gives nothing else.
   */
  public static Errno fromMessage(String message) {
    if (message == null) {
      return null;
    }
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("connection reset")) { // the JDK drops "by peer"
      return ECONNRESET;
    }
    for (Errno errno : VALUES) {
      if (lower.contains(errno.text.toLowerCase(Locale.ROOT))) {
        return errno;
      }
    }
    return null;
  }

  /** Returns the error of a number, or null. */
  public static Errno of(int number) {
    for (Errno errno : VALUES) {
      if (errno.number == number) {
        return errno;
      }
    }
    return null;
  }
}
