package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import java.io.IOException;
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
  private final Executor executor;
  private final Object arming = new Object();
  private boolean over; // guarded by this: the last call has begun, or none may begin any more

  Watch(
      KeepaliveMonitor monitor,
      KeepaliveSocket link,
      FailoverCallback callback,
      LinkListener listener) {
    this.monitor = monitor;
    this.link = link;
    this.callback = callback;
    this.listener = listener;
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
      if (listener != null) {
        executor.execute(() -> tell(() -> listener.onUp(link)));
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
          executor.execute(() -> leave(() -> listener.onViolation(link, event.octet())));
      case SUSPECT -> executor.execute(() -> tell(() -> listener.onSuspect(link, event.probes())));
      case RECOVERED -> executor.execute(() -> tell(() -> listener.onRecovered(link)));
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

  private void tell(Call call) {
    if (begin(false)) {
      guarded(call);
    }
  }

  private void leave(Call call) {
    if (begin(true)) {
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
      leave(() -> listener.onLeft(link));
    }
  }

  private void fail(LinkEvent event) {
    if (begin(true)) {
      Failure failure = link.settle(event, System.nanoTime());
      guarded(() -> callback.onFailover(failure));
      if (listener != null) {
        guarded(() -> listener.onFailed(failure));
      }
      closeLink();
    }
  }

  private void guarded(Call call) {
    try {
      call.run();
    } catch (Throwable e) { // whatever a callback throws must not cost other links their thread
      monitor.report(link, e);
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
