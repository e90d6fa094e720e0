package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.Watch;
import io.github.keepalive4j.internal.SafeLogger;
import java.util.function.Predicate;

/** After which ends of a watch a standby connects again. */
public final class RearmRule {
  private static final System.Logger LOGGER = SafeLogger.get();

  /** After all but a takeover. */
  public static final RearmRule DEFAULT = new RearmRule(end -> !isTakeover(end));

  private final Predicate<Watch.End> condition;

  public RearmRule(Predicate<Watch.End> condition) {
    this.condition = condition;
  }

  /** Tells whether the callback was called, whatever came of it. */
  public static boolean isTakeover(Watch.End end) {
    return end.failover().isPresent();
  }

  public boolean allows(Watch.End end) {
    try {
      return condition.test(end);
    } catch (Throwable e) { // as a listener's
      LOGGER.log(System.Logger.Level.ERROR, "a standby's rearmIf failed at " + end, e);
      return !isTakeover(end);
    }
  }
}
