package io.github.keepalive4j.internal;

import java.util.Arrays;

/** Knows whether the JVM is ending: then a thread that called System.exit never comes back. */
public final class JvmExit {
  private static final Thread NO_HOOK = new Thread("keepalive-no-hook");

  private JvmExit() {}

  /** Tells whether the shutdown hooks run, for only then can none be removed. */
  static boolean isUnderWay() {
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(NO_HOOK);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Tells whether a thread is in System.exit, which waits for the shutdown hooks. */
  public static boolean isCalledBy(Thread thread) {
    return isUnderWay() && Arrays.stream(thread.getStackTrace()).anyMatch(JvmExit::isExit);
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getClassName().equals(Runtime.class.getName())
        && frame.getMethodName().equals("exit");
  }
}
