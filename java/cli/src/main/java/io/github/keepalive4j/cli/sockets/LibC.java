package io.github.keepalive4j.cli.sockets;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/**
 * The C library's functions for network namespaces, sockets and locks. They return -1 or null at a
 * failure, unless they throw.
 */
final class LibC {
  static final int CLONE_NEWNET = 0x40000000;

  /** Returns a descriptor of the network namespace that a socket belongs to. */
  static final long SIOCGSKNS = 0x894C;

  static final int TCP_SYNCNT = 7;

  /** Since Linux 6.15. */
  static final int TCP_RTO_MAX_MS = 44;

  static final int LOCK_EX = 2;
  static final int LOCK_NB = 4;

  private static final int IPPROTO_TCP = 6;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int ioctl(int fd, long request);

  static native int setns(int fd, int type);

  static native int close(int fd);

  private static native int getsockopt(
      int fd, int level, int name, IntByReference value, IntByReference length);

  /** Returns a TCP option of a socket, or the fallback where the kernel lacks it. */
  static int option(int fd, int name, int fallback) {
    IntByReference value = new IntByReference();
    IntByReference length = new IntByReference(Integer.BYTES);
    return getsockopt(fd, IPPROTO_TCP, name, value, length) == 0 ? value.getValue() : fallback;
  }

  /** A stream, because open(2) is variadic. */
  static native Pointer fopen(String path, String mode);

  static native int fileno(Pointer stream);

  static native int fclose(Pointer stream);

  static native int flock(int fd, int operation) throws LastErrorException;
}
