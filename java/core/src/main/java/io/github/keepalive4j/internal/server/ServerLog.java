package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.internal.SafeLogger;

/** Logs for a server's parts, under the name that users configure. */
public final class ServerLog {
  static final System.Logger LOGGER = SafeLogger.get();

  private ServerLog() {}

  /** Calls a listener. If it throws, the other backups' events must still be reported. */
  public static void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log(e);
    }
  }

  /** Calls a listener, and then does what must be done whatever that throws. */
  public static void tell(Runnable call, Runnable then) {
    try {
      tell(call);
    } finally {
      then.run();
    }
  }

  /** Logs what a listener or a wait threw. */
  public static void log(Throwable error) {
    LOGGER.log(
        System.Logger.Level.ERROR, "a server's listener or wait failed; the server goes on", error);
  }
}
