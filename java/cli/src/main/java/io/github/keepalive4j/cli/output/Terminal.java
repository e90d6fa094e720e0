package io.github.keepalive4j.cli.output;

import com.sun.jna.Native;

/** Finds out whether the output goes to a terminal. */
final class Terminal {
  private static final int STDERR = 2;

  private Terminal() {}

  /** Returns whether standard error is a terminal that can erase a line. */
  static boolean isStandardError() {
    return !"dumb".equals(System.getenv("TERM")) && isTerminal(STDERR);
  }

  private static boolean isTerminal(int fd) {
    try {
      return LibC.isatty(fd) == 1;
    } catch (LinkageError e) {
      return false;
    }
  }

  private static final class LibC {
    static {
      Native.register(LibC.class, "c");
    }

    private LibC() {}

    static native int isatty(int fd);
  }
}
