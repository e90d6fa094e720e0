package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.DurationText;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.timing.Patience;
import java.time.Duration;

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

  /** Warns of a source that resets a backup with the default options before that gives up. */
  public static void warnOfImpatience(Duration shedAfter) {
    Duration budget = KeepaliveOptions.defaults().worstCaseDetection();
    Duration needed = Patience.sufficientFor(budget);
    if (shedAfter.compareTo(needed) < 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "shedAfter (--shed-after) is "
              + DurationText.of(shedAfter)
              + ". A backup with the default options takes up to "
              + DurationText.of(budget)
              + " to detect, and one that was cut off may be reset before: choose "
              + DurationText.of(needed)
              + " or more");
    }
  }

  /** Logs what a listener or a wait threw. */
  public static void log(Throwable error) {
    LOGGER.log(
        System.Logger.Level.ERROR, "a server's listener or wait failed; the server goes on", error);
  }
}
