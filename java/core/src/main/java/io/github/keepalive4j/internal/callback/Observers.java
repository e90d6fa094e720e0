package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.internal.guard.WatchJournal;
import io.github.keepalive4j.internal.jfr.CallbackEvent;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.internal.jfr.FlightEvents;
import java.util.function.BiConsumer;

/**
 * Tells the flight recorder and a monitor's listener what happens. Where there is neither, nothing
 * is allocated.
 */
public final class Observers {
  private final MonitorListener listener; // null for none
  private final BiConsumer<KeepaliveSocket, Throwable> errorHandler;
  private final boolean recorded;
  private volatile boolean opened;

  public Observers(MonitorListener listener, BiConsumer<KeepaliveSocket, Throwable> errorHandler) {
    this(listener, errorHandler, true);
  }

  /**
   * Makes an observation.
   *
   * @param listener who hears of it, or null
   * @param recorded whether the flight recorder does, too
   */
  public Observers(
      MonitorListener listener,
      BiConsumer<KeepaliveSocket, Throwable> errorHandler,
      boolean recorded) {
    this.listener = listener;
    this.errorHandler = errorHandler;
    this.recorded = recorded;
  }

  private boolean isRecorded() {
    return recorded && Flight.isOn();
  }

  /** Tells whether somebody wants to hear of suspicion, which the kernel is asked for then. */
  public boolean wantsSuspicion() {
    return listener != null || (isRecorded() && FlightEvents.wantsSuspicion());
  }

  public void opened(KeepaliveMonitor monitor) {
    opened = true;
    if (listener != null) {
      tell(null, () -> listener.onOpened(monitor));
    }
  }

  /** Tells it of a monitor that has been opened: none hears of one whose thread didn't start. */
  public void closed(KeepaliveMonitor monitor) {
    if (listener != null && opened) {
      tell(null, () -> listener.onClosed(monitor));
    }
  }

  public void watched(LinkListener.LinkUpdate event) {
    if (isRecorded()) {
      FlightEvents.up(event.link());
    }
    if (listener != null) {
      tell(event.link(), () -> listener.onUp(event));
    }
  }

  public void suspect(LinkListener.LinkUpdate event) {
    if (isRecorded()) {
      FlightEvents.suspect(event.link(), event.unansweredProbes());
    }
    if (listener != null) {
      tell(event.link(), () -> listener.onSuspect(event));
    }
  }

  public void recovered(LinkListener.LinkUpdate event) {
    if (isRecorded()) {
      FlightEvents.recovered(event.link());
    }
    if (listener != null) {
      tell(event.link(), () -> listener.onRecovered(event));
    }
  }

  public void verdict(Failure failure) {
    if (isRecorded()) {
      FlightEvents.verdict(failure);
    }
    if (listener != null) {
      tell(failure.link(), () -> listener.onVerdict(failure));
    }
  }

  public void confirmed(LinkListener.Confirmation event) {
    if (isRecorded()) {
      FlightEvents.confirmed(event);
    }
    if (listener != null) {
      tell(event.link(), () -> listener.onConfirmed(event));
    }
  }

  public void callBack(FailoverCallback callback, Failover failover) throws Exception {
    if (isRecorded() && FlightEvents.wantsCallbacks()) {
      record(callback, failover);
    } else {
      callback.onFailover(failover);
    }
  }

  private static void record(FailoverCallback callback, Failover failover) throws Exception {
    CallbackEvent event = FlightEvents.beginCallback();
    Throwable thrown = null;
    try {
      callback.onFailover(failover);
    } catch (Throwable e) {
      thrown = e;
      throw e;
    } finally {
      if (event != null) {
        FlightEvents.endCallback(event, failover.failures(), thrown);
      }
    }
  }

  /** Tells how a watch ended; the link is the one that decided. */
  public void ended(KeepaliveSocket link, Watch.End end) {
    if (listener != null) {
      tell(link, () -> listener.onEnded(end));
    }
  }

  public void unwatched(LinkListener.LinkUpdate event) {
    if (listener != null) {
      tell(event.link(), () -> listener.onUnwatched(event));
    }
  }

  /** Tells of a journal that is late; {@code linkListener} is null for none. */
  public void journalLate(LinkListener linkListener, LinkListener.JournalDelay event) {
    if (listener == null && linkListener == null) {
      WatchJournal.logLate(event.line());
    }
    if (listener != null) {
      tell(event.link(), () -> listener.onJournalLate(event));
    }
    if (linkListener != null) {
      tell(event.link(), () -> linkListener.onJournalLate(event));
    }
  }

  private void tell(KeepaliveSocket link, Runnable call) {
    try {
      call.run();
    } catch (Throwable e) { // a listener must not cost a link its failover
      errorHandler.accept(link, e);
    }
  }
}
