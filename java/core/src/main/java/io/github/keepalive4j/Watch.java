package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * One link under a monitor: brings its events to its callback and its listener, in order and at
 * most once.
 */
final class Watch {
  private final KeepaliveMonitor monitor;
  private final KeepaliveSocket link;
  private final FailoverCallback callback;
  private final LinkListener listener; // null for none
  private final WatchRecord record; // null for none
  private final Takeover takeover; // null to call back without further ado
  private final Executor executor;
  private final Object arming = new Object();
  private boolean over; // guarded by this: the last call has begun, or none may begin any more

  Watch(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      LinkListener listener,
      WatchRecord record,
      Takeover takeover) {
    this.monitor = monitor;
    this.link = link;
    this.callback = callback;
    this.listener = listener;
    this.record = record;
    this.takeover = takeover;
    this.executor = listener == null ? monitor.executor() : new SerialExecutor(monitor.executor());
  }

  KeepaliveSocket link() {
    return link;
  }

  boolean hasListener() {
    return listener != null;
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
   * Puts the link into the set. Events wait until the listener's onUp has been dispatched, which
   * comes first.
   */
  void arm(Registration registration) throws IOException {
    synchronized (arming) {
      registration.register();
      if (record != null) {
        record.armed(link);
      }
      if (listener != null) {
        executor.execute(() -> tell(null, () -> listener.onUp(link)));
      }
    }
  }

  /** Takes an event on the monitor's thread. */
  void on(LinkEvent event) {
    synchronized (arming) {
      // passed once arm() is through
    }
    switch (event.type()) {
      case FAILED -> executor.execute(() -> fail(event));
      case LEFT -> executor.execute(() -> left(event));
      case VIOLATION ->
          executor.execute(
              () -> leave("violation", () -> listener.onViolation(link, event.octet())));
      case SUSPECT ->
          executor.execute(() -> tell("suspect", () -> listener.onSuspect(link, event.probes())));
      case RECOVERED -> executor.execute(() -> tell("recovered", () -> listener.onRecovered(link)));
      default -> throw new IllegalStateException("a backup's link can't have " + event);
    }
  }

  private synchronized boolean begin(boolean last) {
    if (over) {
      return false;
    }
    over = last;
    return true;
  }

  private void tell(String event, Call call) {
    if (begin(false)) {
      note(event);
      guarded(call);
    }
  }

  private void note(String event) {
    if (record != null && event != null) {
      record.link(event, link);
    }
  }

  private void leave(String event, Call call) {
    if (begin(true)) {
      note(event);
      if (listener != null) {
        guarded(call);
      }
      closeLink();
    }
  }

  private void left(LinkEvent event) {
    if (monitor.failoverWhenLeft()) {
      fail(event);
    } else {
      leave("left", () -> listener.onLeft(link));
    }
  }

  private void fail(LinkEvent event) {
    boolean last = takeover == null;
    if (begin(last)) {
      Failure failure = link.settle(event, System.nanoTime());
      if (record != null) {
        record.verdict(failure);
      }
      if (last) {
        guarded(() -> callback.onFailover(failure));
        end(failure);
      } else {
        takeover.run(List.of(failure), new Candidate(failure));
      }
    }
  }

  private void end(Failure failure) {
    if (listener != null) {
      guarded(() -> listener.onFailed(failure));
    }
    closeLink();
  }

  /** Runs what others wrote; returns what it threw, or null. */
  private Throwable guarded(Call call) {
    try {
      call.run();
      return null;
    } catch (Throwable e) { // whatever a callback throws must not cost other links their thread
      monitor.report(link, e);
      return e;
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
      return guarded(() -> callback.onFailover(claimed));
    }

    @Override
    public void claimLost(Claim claim, ClaimLoss loss) {
      Failure claimed = failure.claimed(claim);
      guarded(() -> callback.onClaimLost(claimed, loss.reason()));
    }

    @Override
    public void declined(String reason) {
      monitor.logDecline(link, reason);
      if (listener != null) {
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

  private interface Call {
    void run() throws Exception;
  }

  /** Puts a link into a poller. */
  interface Registration {
    void register() throws IOException;
  }
}
