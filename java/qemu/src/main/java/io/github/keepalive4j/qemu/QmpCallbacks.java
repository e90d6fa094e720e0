package io.github.keepalive4j.qemu;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls a listener, one call after the other, on a thread of its own. A listener that is too slow
 * loses events, never connections and disconnections.
 */
final class QmpCallbacks implements AutoCloseable {

  private static final int MOST_WAITING_EVENTS = 1_024;

  private final QmpListener listener;
  private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean closed;

  QmpCallbacks(QmpListener listener) {
    this.listener = listener;
    this.thread = new Thread(this::run, "qmp listener");
    thread.setDaemon(true);
    if (listener != QmpListener.NONE) {
      thread.start();
    }
  }

  void connected(QmpGreeting greeting) {
    add(() -> listener.onConnected(greeting));
  }

  void event(QmpEvent event) {
    if (waiting.size() < MOST_WAITING_EVENTS) {
      add(() -> listener.onEvent(event));
    } else {
      dropped.incrementAndGet();
    }
  }

  void disconnected(QmpConnectionException cause) {
    add(() -> listener.onDisconnected(cause));
  }

  long droppedEvents() {
    return dropped.get();
  }

  private void add(Runnable call) {
    if (listener != QmpListener.NONE && !closed) {
      waiting.add(call);
    }
  }

  private void run() {
    while (!closed) {
      try {
        Runnable call = waiting.take();
        if (!closed) {
          call.run();
        }
      } catch (InterruptedException e) {
        // not this thread's end: close() says when that is
      } catch (RuntimeException e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  /** Ends the thread after the calls that wait already. */
  void finish() {
    add(() -> closed = true);
  }

  @Override
  public void close() {
    closed = true;
    waiting.clear();
    waiting.add(() -> {});
  }
}
