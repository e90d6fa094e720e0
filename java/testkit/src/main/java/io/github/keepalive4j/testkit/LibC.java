package io.github.keepalive4j.testkit;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/** The C library's functions for namespaces and signals. */
final class LibC {
  static final int SIGSTOP = 19;
  static final int SIGCONT = 18;

  private static final int CLONE_NEWNET = 0x40000000;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  /** Loads the library, or throws a {@link LinkageError}. */
  static void load() {}

  /** Opens a file for {@link #enterNetwork}; a stream, because open(2) is variadic. */
  static Pointer openStream(String path) throws IOException {
    Pointer stream = fopen(path, "re");
    if (stream == null) {
      throw failure("open " + path);
    }
    return stream;
  }

  static void closeStream(Pointer stream) {
    fclose(stream);
  }

  /** Moves the calling thread into the network namespace. */
  static void enterNetwork(Pointer namespace) throws IOException {
    if (setns(fileno(namespace), CLONE_NEWNET) != 0) {
      throw failure("setns");
    }
  }

  static void signal(long pid, int signal) throws IOException {
    if (kill(Math.toIntExact(pid), signal) != 0) {
      throw failure("kill " + pid + " with signal " + signal);
    }
  }

  private static IOException failure(String call) {
    return new IOException(call + " failed with errno " + Native.getLastError());
  }

  private static native Pointer fopen(String path, String mode);

  private static native int fileno(Pointer stream);

  private static native int fclose(Pointer stream);

  private static native int setns(int fd, int type);

  private static native int kill(int pid, int signal);
}
