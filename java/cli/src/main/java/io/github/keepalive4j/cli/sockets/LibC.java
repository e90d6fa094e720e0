package io.github.keepalive4j.cli.sockets;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The C library's functions for network namespaces. They return -1 or null at a failure. */
final class LibC {
  static final int CLONE_NEWNET = 0x40000000;

  /** Returns a descriptor of the network namespace that a socket belongs to. */
  static final long SIOCGSKNS = 0x894C;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int ioctl(int fd, long request);

  static native int setns(int fd, int type);

  static native int close(int fd);

  /** A stream, because open(2) is variadic. */
  static native Pointer fopen(String path, String mode);

  static native int fileno(Pointer stream);

  static native int fclose(Pointer stream);
}
