package io.github.keepalive4j.qemu;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls a listener on a thread of its own, one call after the other. A listener that is too slow
 * loses events, but never a connection or a disconnection.
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
        // only close() ends this thread
      } catch (RuntimeException e) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }

  /** Ends the thread once it has made the calls that are queued. */
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
