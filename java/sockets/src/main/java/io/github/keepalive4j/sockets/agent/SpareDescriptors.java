package io.github.keepalive4j.sockets.agent;

import java.io.FileInputStream;
import java.io.IOException;

/** Descriptors that the agent's start needs: its jar, JNA's library and the shim. */
final class SpareDescriptors {
  private static final int COUNT = 24;
  private static final String NULL_DEVICE = "/dev/null";

  private SpareDescriptors() {}

  /** Returns the error of a process that has too few left, or null. */
  static IOException lack() {
    FileInputStream[] spare = new FileInputStream[COUNT];
    try {
      for (int i = 0; i < COUNT; i++) {
        spare[i] = new FileInputStream(NULL_DEVICE);
      }
      return null;
    } catch (IOException e) {
      return isLack(e) ? e : null;
    } finally {
      for (int i = 0; i < COUNT && spare[i] != null; i++) {
        close(spare[i]);
      }
    }
  }

  private static void close(FileInputStream file) {
    try {
      file.close();
    } catch (IOException e) {
      return; // the null device has nothing to lose
    }
  }

  /** Tells whether an error, or a cause of it, is the kernel's EMFILE or ENFILE. */
  static boolean isLack(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause.toString().contains("Too many open files")) {
        return true;
      }
    }
    return false;
  }
}
