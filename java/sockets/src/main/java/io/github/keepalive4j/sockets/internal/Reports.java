package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.sockets.SweepListener;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import io.github.keepalive4j.sockets.internal.jfr.SocketFlight;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what happens, and tells the flight recorder, the log and the listener. */
public final class Reports {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final SweepListener listener;
  private final Calls calls;
  private final AtomicLong setAgain = new AtomicLong();
  private final AtomicLong deadPeers = new AtomicLong();
  private final AtomicLong spared = new AtomicLong();
  private final AtomicLong stuck = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  Reports(SweepListener listener, Calls calls) {
    this.listener = listener;
    this.calls = calls;
  }

  void governed(SocketUpdate event) {
    if (Flight.isOn()) {
      SocketFlight.governed(event);
    }
    deliver(Level.DEBUG, "governs", event, () -> listener.onGoverned(event));
  }

  void setAgain(SocketUpdate event) {
    setAgain.incrementAndGet();
    if (Flight.isOn()) {
      SocketFlight.setAgain(event);
    }
    deliver(Level.DEBUG, "sets again", event, () -> listener.onSetAgain(event));
  }

  void deadPeer(SocketUpdate event) {
    deadPeers.incrementAndGet();
    if (Flight.isOn()) {
      SocketFlight.deadPeer(event);
    }
    deliver(Level.INFO, "found a dead peer:", event, () -> listener.onDeadPeer(event));
  }

  void spared(SocketUpdate event) {
    spared.incrementAndGet();
    if (Flight.isOn()) {
      SocketFlight.spared(event);
    }
    String what = "spares a peer that acknowledges but doesn't read:";
    deliver(Level.INFO, what, event, () -> listener.onSpared(event));
  }

  void stuck(SocketUpdate event) {
    stuck.incrementAndGet();
    ended.addAndGet(event.isEnded() ? 1 : 0);
    if (Flight.isOn()) {
      SocketFlight.stuck(event);
    }
    String what = event.isEnded() ? "ended a stuck connection:" : "found a stuck connection:";
    deliver(Level.WARNING, what, event, () -> listener.onStuck(event));
  }

  void refused(SocketUpdate event) {
    refused.incrementAndGet();
    if (Flight.isOn()) {
      SocketFlight.refused(event);
    }
    deliver(Level.WARNING, "can't set options:", event, () -> listener.onRefused(event));
  }

  private void deliver(Level level, String what, SocketUpdate event, Runnable call) {
    calls.add(() -> log(level, what, event), call);
  }

  private static void log(Level level, String what, SocketUpdate event) {
    if (LOGGER.isLoggable(level)) {
      String cause = event.cause().map(e -> ": " + e.getMessage()).orElse("");
      LOGGER.log(level, "the sweeper " + what + " " + text(event) + cause);
    }
  }

  private static String text(SocketUpdate event) {
    return AddressText.of(event.remote())
        + " from "
        + AddressText.of(event.local())
        + ", unheard for "
        + event.silence().toMillis()
        + " ms, "
        + event.queuedBytes()
        + " bytes unacknowledged, by the rule "
        + event.rule();
  }

  /** Logs what makes a sweep fail. */
  void failed(Throwable error) {
    calls.add(
        () ->
            LOGGER.log(
                Level.WARNING, "a sweep of the sockets failed; the next one follows", error));
  }

  public long setAgain() {
    return setAgain.get();
  }

  public long deadPeers() {
    return deadPeers.get();
  }

  public long spared() {
    return spared.get();
  }

  public long stuck() {
    return stuck.get();
  }

  public long ended() {
    return ended.get();
  }

  public long refused() {
    return refused.get();
  }

  /** Makes the calls to log and listener, of which either may block. */
  interface Calls {
    /** Adds a call, and what comes before it. */
    void add(Runnable before, Runnable call);

    default void add(Runnable call) {
      add(() -> {}, call);
    }
  }
}
