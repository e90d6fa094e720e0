package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.SafeLogger;
import java.util.function.BiConsumer;

/** Where what a monitor's callbacks and listeners throw goes. */
public final class ErrorReports {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final BiConsumer<KeepaliveSocket, Throwable> errorHandler;

  public ErrorReports(BiConsumer<KeepaliveSocket, Throwable> errorHandler) {
    this.errorHandler = errorHandler;
  }

  /** Hands an error to the error handler, whose own errors must not cost other links a thread. */
  public void report(KeepaliveSocket link, Throwable error) {
    try {
      errorHandler.accept(link, error);
    } catch (Throwable e) {
      log(link, error);
      LOGGER.log(System.Logger.Level.ERROR, "the error handler failed too", e);
    }
  }

  /** Logs an error, as the default error handler does. */
  public static void log(KeepaliveSocket link, Throwable error) {
    LOGGER.log(System.Logger.Level.ERROR, "a callback of " + link + " failed", error);
  }

  public static void logWait(Throwable error) {
    LOGGER.log(System.Logger.Level.ERROR, "waiting for events failed; the monitor goes on", error);
  }
}
