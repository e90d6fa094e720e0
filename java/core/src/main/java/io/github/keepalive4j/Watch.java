package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.callback.SerialExecutor;
import io.github.keepalive4j.internal.callback.ThrowingRunnable;
import io.github.keepalive4j.internal.guard.Takeover;
import io.github.keepalive4j.internal.guard.WatchJournal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One link under a monitor: brings its events to its callback and its listener, in order and at
 * most once.
 */
final class Watch extends ObservedLink {
  private final KeepaliveMonitor monitor;
  private final FailoverCallback callback;
  private final LinkListener listener; // null for none
  private final SerialExecutor serial; // null where nobody follows: one call needs no order
  private final Takeover takeover;
  private final WatchJournal record;
  private final Executor executor;
  private final boolean grouped; // the callback, and what leads to it, is the group's own affair
  private boolean over; // guarded by this: the last call has begun, or none may begin any more

  Watch(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      LinkListener listener,
      Takeover takeover) {
    super(link, monitor.observers());
    this.monitor = monitor;
    this.callback = callback;
    this.listener = listener;
    this.takeover = takeover;
    this.record = takeover.record();
    this.grouped = callback instanceof LinkGroup;
    boolean followed = listener != null || record.isKept();
    this.serial = followed ? new SerialExecutor(monitor.executor()) : null;
    this.executor = followed ? serial : monitor.executor();
  }

  /** Tells whether somebody hears of more than the failure: a listener, or a journal. */
  boolean isFollowed() {
    return serial != null;
  }

  /**
   * Lets no call begin any more and takes the link out of the set. Returns false if the last call
   * had begun.
   */
  boolean cancel() {
    boolean wasOn = begin(true);
    monitor.forget(this);
    return wasOn;
  }

  /**
   * Puts the link into the set, unless its verdict is known, which the kernel won't repeat. Events
   * that come before the listener's onUp wait for it.
   */
  void arm(Registration registration) throws IOException {
    notifyWatched();
    record.armed(link);
    LinkEvent verdict = link.verdictEvent();
    if (verdict == null) {
      registration.register();
    } else {
      on(verdict);
    }
    if (isFollowed()) {
      serial.start(() -> tell(null, () -> listener.onUp(link)));
    }
  }

  /** Takes an event, on the monitor's thread but for a verdict that was known when it armed. */
  void on(LinkEvent event) {
    link.keep(event);
    switch (event.type()) {
      case FAILED -> executor.execute(this::fail);
      case LEFT -> executor.execute(this::left);
      case VIOLATION -> violate(event.octet());
      case SUSPECT -> suspect(event.probes());
      case RECOVERED -> recover();
      default -> throw new IllegalStateException("a backup's link can't have " + event);
    }
  }

  private void violate(int octet) {
    observers.violation(link, octet);
    executor.execute(() -> leave("violation", () -> listener.onViolation(link, octet)));
  }

  private void suspect(int probes) {
    observers.suspect(link, probes);
    if (isFollowed()) {
      executor.execute(() -> tell("suspect", () -> listener.onSuspect(link, probes)));
    }
  }

  private void recover() {
    observers.recovered(link);
    if (isFollowed()) {
      executor.execute(() -> tell("recovered", () -> listener.onRecovered(link)));
    }
  }

  private synchronized boolean begin(boolean last) {
    if (over) {
      return false;
    }
    over = last;
    return true;
  }

  private void tell(String event, ThrowingRunnable call) {
    if (begin(false)) {
      note(event);
      tellListener(call);
    }
  }

  private void tellListener(ThrowingRunnable call) {
    if (listener != null) {
      guarded(call);
    }
  }

  private void note(String event) {
    if (event != null) {
      record.link(event, link);
    }
  }

  private void leave(String event, ThrowingRunnable call) {
    if (begin(true)) {
      note(event);
      tellListener(call);
      monitor.end(this);
    }
  }

  private void left() {
    if (monitor.failoverWhenLeft()) {
      fail();
    } else {
      leave("left", () -> listener.onLeft(link));
    }
  }

  private void fail() {
    long callbackNs = System.nanoTime(); // before the closer's word that none begins any more
    boolean last = grouped || takeover.isImmediate();
    if (begin(last)) {
      Failure failure = link.verdictAt(callbackNs);
      observers.verdict(failure);
      record.verdict(failure);
      if (last) {
        callBack(failure);
        end(failure);
      } else {
        takeover.run(List.of(failure), new SingleCandidate(failure));
      }
    }
  }

  /**
   * Not by way of {@link #guarded}: HotSpot inlines 15 calls deep (MaxInlineLevel), and the
   * callback would be beyond that.
   */
  private void callBack(Failure failure) {
    try {
      if (grouped) {
        callback.onFailover(failure);
      } else {
        observers.callBack(callback, failure);
      }
    } catch (Throwable e) { // whatever it is, it must not cost other links their thread
      monitor.report(link, e);
    }
  }

  private void end(Failure failure) {
    tellListener(() -> listener.onFailed(failure));
    monitor.end(this);
  }

  /** Runs what others wrote. */
  private void guarded(ThrowingRunnable call) {
    try {
      call.run();
    } catch (Throwable e) { // as a callback's
      monitor.report(link, e);
    }
  }

  private final class SingleCandidate extends Candidate {
    SingleCandidate(Failure failure) {
      super(monitor, new SingleCallback(), List.of(failure));
    }

    @Override
    public boolean begin() {
      return Watch.this.begin(true);
    }

    @Override
    public void end() {
      Watch.this.end(failures().get(0));
    }
  }

  /** This link's callback and listener as those of a group of one. */
  private final class SingleCallback implements GroupFailoverCallback {
    @Override
    public void onFailover(List<Failure> failures) throws Exception {
      callback.onFailover(failures.get(0));
    }

    @Override
    public void onClaimLost(List<Failure> failures, String reason) throws Exception {
      callback.onClaimLost(failures.get(0), reason);
    }

    @Override
    public void onDeclined(List<Failure> failures, String reason) {
      if (listener == null) {
        KeepaliveMonitor.logDecline(link, reason);
      } else {
        listener.onDeclined(failures.get(0), reason);
      }
    }
  }

  void closeLink() {
    try {
      link.close();
    } catch (IOException e) {
      monitor.report(link, e);
    }
  }

  /** Puts a link into a poller. */
  interface Registration {
    void register() throws IOException;
  }
}
