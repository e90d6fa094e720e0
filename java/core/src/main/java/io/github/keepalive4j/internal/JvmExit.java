package io.github.keepalive4j.internal;

/** Knows whether the JVM is ending: then a thread that called System.exit never comes back. */
final class JvmExit {
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
}
