package io.github.keepalive4j.internal.server;

/** Where a server's own parts log, under the name that users configure. */
public final class ServerLog {
  static final System.Logger LOGGER = System.getLogger("io.github.keepalive4j");

  private ServerLog() {}

  /** Calls a listener: what it throws must not cost the other backups their events. */
  public static void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      log(e);
    }
  }

  /** Logs what a listener or a wait threw. */
  public static void log(Throwable error) {
    LOGGER.log(
        System.Logger.Level.ERROR, "a server's listener or wait failed; the server goes on", error);
  }
}
