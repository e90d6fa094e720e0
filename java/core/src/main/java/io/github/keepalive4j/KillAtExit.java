package io.github.keepalive4j;

import io.github.keepalive4j.internal.ProcessFamily;

/** Kills a fence that is still running when the JVM ends: it would fence a source for nobody. */
final class KillAtExit {
  private final Thread hook;

  /** Begins to look out. If the JVM is ending already, the fence is killed now. */
  KillAtExit(ProcessFamily family) {
    hook = new Thread(family::kill, "keepalive-fence-kill");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      family.kill();
    }
  }

  /** Ends the lookout. */
  void cancel() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the JVM is ending, and the hook does what it is for
    }
  }
}
