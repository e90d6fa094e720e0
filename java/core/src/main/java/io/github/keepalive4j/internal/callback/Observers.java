package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.GroupFailoverCallback;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.internal.jfr.CallbackEvent;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.internal.jfr.FlightEvents;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Tells the flight recorder and a monitor's listener what happens. Where there is neither, nothing
 * is allocated.
 */
public final class Observers {
  private final MonitorListener listener; // null for none
  private final BiConsumer<KeepaliveSocket, Throwable> errorHandler;
  private final boolean recorded;

  public Observers(MonitorListener listener, BiConsumer<KeepaliveSocket, Throwable> errorHandler) {
    this(listener, errorHandler, true);
  }

  private Observers(
      MonitorListener listener,
      BiConsumer<KeepaliveSocket, Throwable> errorHandler,
      boolean recorded) {
    this.listener = listener;
    this.errorHandler = errorHandler;
    this.recorded = recorded;
  }

  /** An observation by nobody, of which the flight recorder doesn't hear either. */
  public static Observers ofWarmup(BiConsumer<KeepaliveSocket, Throwable> errorHandler) {
    return new Observers(null, errorHandler, false);
  }

  private boolean isRecorded() {
    return recorded && Flight.isOn();
  }

  /** Tells whether somebody wants to hear of suspicion, which the kernel is asked for then. */
  public boolean wantsSuspicion() {
    return listener != null || (isRecorded() && FlightEvents.wantsSuspicion());
  }

  private boolean wantsCallbacks() {
    return listener != null || (isRecorded() && FlightEvents.wantsCallbacks());
  }

  public void watched(KeepaliveSocket link) {
    if (isRecorded()) {
      FlightEvents.up(link);
    }
    if (listener != null) {
      tell(link, () -> listener.onWatched(link));
    }
  }

  public void suspect(KeepaliveSocket link, int probes) {
    if (isRecorded()) {
      FlightEvents.suspect(link, probes);
    }
    if (listener != null) {
      tell(link, () -> listener.onSuspect(link, probes));
    }
  }

  public void recovered(KeepaliveSocket link) {
    if (isRecorded()) {
      FlightEvents.recovered(link);
    }
    if (listener != null) {
      tell(link, () -> listener.onRecovered(link));
    }
  }

  public void violation(KeepaliveSocket link, int octet) {
    if (listener != null) {
      tell(link, () -> listener.onViolation(link, octet));
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

  /** Calls back for one link. */
  public void callBack(FailoverCallback callback, Failure failure) throws Exception {
    if (wantsCallbacks()) {
      observe(List.of(failure), () -> callback.onFailover(failure));
    } else {
      callback.onFailover(failure);
    }
  }

  /** Calls back for a group of links. */
  public void callBack(GroupFailoverCallback callback, List<Failure> failures) throws Exception {
    if (wantsCallbacks()) {
      observe(failures, () -> callback.onFailover(failures));
    } else {
      callback.onFailover(failures);
    }
  }

  private void observe(List<Failure> failures, ThrowingRunnable call) throws Exception {
    CallbackEvent event = isRecorded() ? FlightEvents.beginCallback() : null;
    long beginNs = System.nanoTime();
    Throwable thrown = null;
    try {
      call.run();
    } catch (Throwable e) {
      thrown = e;
      throw e;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - beginNs);
      if (event != null) {
        FlightEvents.endCallback(event, failures, thrown);
      }
      boolean succeeded = thrown == null;
      if (listener != null) {
        tell(decidingOf(failures), () -> listener.onFailover(failures, took, succeeded));
      }
    }
  }

  public void declined(List<Failure> failures, String reason) {
    if (listener != null) {
      tell(decidingOf(failures), () -> listener.onDeclined(failures, reason));
    }
  }

  public void unwatched(KeepaliveSocket link) {
    if (listener != null) {
      tell(link, () -> listener.onUnwatched(link));
    }
  }

  public static KeepaliveSocket decidingOf(List<Failure> failures) {
    return failures.get(failures.size() - 1).link();
  }

  private void tell(KeepaliveSocket link, Runnable call) {
    try {
      call.run();
    } catch (Throwable e) { // a listener must not cost a link its failover
      errorHandler.accept(link, e);
    }
  }
}
