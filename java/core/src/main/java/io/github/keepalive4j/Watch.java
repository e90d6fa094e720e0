package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
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
  private final WatchJournal record; // null for none
  private final Takeover takeover; // null to call back without further ado
  private final Executor executor;
  private final boolean grouped; // the callback is the group's own affair
  private boolean over; // guarded by this: the last call has begun, or none may begin any more

  Watch(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      LinkListener listener,
      WatchJournal record,
      Takeover takeover) {
    this(monitor, link, callback, listener, record, takeover, false);
  }

  /** Makes the watch of a group's link. */
  Watch(KeepaliveMonitor monitor, KeepaliveSocket link, LinkGroup group, WatchJournal record) {
    this(monitor, link, group::failed, null, record, null, true);
  }

  private Watch(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      LinkListener listener,
      WatchJournal record,
      Takeover takeover,
      boolean grouped) {
    super(link, monitor.observers());
    this.monitor = monitor;
    this.callback = callback;
    this.listener = listener;
    boolean followed = listener != null || (record != null && record.isKept());
    this.serial = followed ? new SerialExecutor(monitor.executor()) : null;
    this.executor = followed ? serial : monitor.executor();
    this.record = record;
    this.takeover = takeover;
    this.grouped = grouped;
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
    if (record != null) {
      record.armed(link);
    }
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
    if (record != null && event != null) {
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
    boolean last = takeover == null;
    if (begin(last)) {
      Failure failure = link.verdictAt(callbackNs);
      observers.verdict(failure);
      if (record != null) {
        record.verdict(failure);
      }
      if (last) {
        callBack(failure);
        end(failure);
      } else {
        takeover.run(List.of(failure), new Candidate(failure));
      }
    }
  }

  /**
   * Returns what the callback threw, or null. Not by way of {@link #guarded}: HotSpot inlines 15
   * calls deep (MaxInlineLevel), and the callback would be beyond that.
   */
  private Throwable callBack(Failure failure) {
    try {
      if (grouped) {
        callback.onFailover(failure);
      } else {
        observers.callBack(callback, failure);
      }
      return null;
    } catch (Throwable e) { // whatever it is, it must not cost other links their thread
      monitor.report(link, e);
      return e;
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

  /** This watch on its way past the guard. */
  private final class Candidate implements Takeover.Party {
    private volatile Failure failure;

    Candidate(Failure failure) {
      this.failure = failure;
    }

    @Override
    public boolean begin() {
      return Watch.this.begin(true);
    }

    @Override
    public Throwable callBack(Claim claim) {
      Failure claimed = failure.claimed(claim);
      failure = claimed;
      return Watch.this.callBack(claimed);
    }

    @Override
    public void claimLost(Claim claim, ClaimLoss loss) {
      Failure claimed = failure.claimed(claim);
      guarded(() -> callback.onClaimLost(claimed, loss.reason()));
    }

    @Override
    public void declined(String reason) {
      monitor.observers().declined(List.of(failure), reason);
      if (listener == null) {
        KeepaliveMonitor.logDecline(link, reason);
      } else {
        guarded(() -> listener.onDeclined(failure, reason));
      }
    }

    @Override
    public void report(Throwable error) {
      monitor.report(link, error);
    }

    @Override
    public void end() {
      Watch.this.end(failure);
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
