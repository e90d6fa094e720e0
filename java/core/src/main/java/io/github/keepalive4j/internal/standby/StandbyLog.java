package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.guard.WatchJournal;

/** Logs what keeps a standby from being armed, where nobody listens. */
public final class StandbyLog implements Standby.Listener {
  private static final System.Logger LOGGER = SafeLogger.get();

  private String lastTrouble = ""; // on the standby's thread only

  @Override
  public void onStateChanged(Standby.StateChange change) {
    if (change.state() == Standby.State.ARMED) {
      lastTrouble = "";
    }
    if (change.state() == Standby.State.WAITING) {
      change.cause().map(Throwable::toString).ifPresent(this::warnOnce);
    }
  }

  private void warnOnce(String trouble) {
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      LOGGER.log(System.Logger.Level.WARNING, "the standby isn't armed: " + trouble);
    }
  }

  @Override
  public void onJournalLate(JournalDelay event) {
    WatchJournal.logLate(event.line());
  }

  @Override
  public void onEnded(Watch.End end) {
    switch (end.kind()) {
      case DECLINED, LEFT, VIOLATED, ABORTED ->
          LOGGER.log(System.Logger.Level.WARNING, "the standby's watch ended: " + end);
      default -> {
        // a takeover, whose errors go to the monitor's error handler, or its owner knows
      }
    }
  }
}
