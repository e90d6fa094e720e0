package io.github.keepalive4j.cli.command;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The system calls that Java lacks. */
final class LibC {
  static final int O_CLOEXEC = 02000000;
  static final int SIGCONT = 18;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int pipe2(int[] ends, int flags) throws LastErrorException;

  static native long write(int fd, byte[] bytes, long count) throws LastErrorException;

  static native int close(int fd) throws LastErrorException;

  static native int kill(int pid, int signal) throws LastErrorException;
}
