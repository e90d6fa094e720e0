package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.SafeLogger;
import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Where what a monitor's callbacks and listeners throw goes. */
public final class ErrorReports {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final BiConsumer<@Nullable KeepaliveSocket, Throwable> errorHandler;

  public ErrorReports(BiConsumer<@Nullable KeepaliveSocket, Throwable> errorHandler) {
    this.errorHandler = errorHandler;
  }

  /** Hands an error to the error handler, whose own errors must not cost other links a thread. */
  public void report(@Nullable KeepaliveSocket link, Throwable error) {
    try {
      errorHandler.accept(link, error);
    } catch (Throwable e) {
      log(link, error);
      LOGGER.log(System.Logger.Level.ERROR, "the error handler failed too", e);
    }
  }

  /** Reports that the monitor can't wait, and so watches no link. */
  public void reportWait(Throwable error) {
    report(null, new IOException("waiting for events failed; the monitor tries again", error));
  }

  /** Logs an error, as the default error handler does. */
  public static void log(@Nullable KeepaliveSocket link, Throwable error) {
    String what = link == null ? "a monitor is in trouble" : "a callback of " + link + " failed";
    LOGGER.log(System.Logger.Level.ERROR, what, error);
  }
}
