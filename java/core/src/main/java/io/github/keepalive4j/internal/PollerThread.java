package io.github.keepalive4j.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The one thread that waits on a poller and, at its end, frees it. */
public final class PollerThread {
  private static final long PAUSE_AFTER_ERROR_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Poller poller;
  private final Step step;
  private final Consumer<Throwable> errorHandler;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * Makes the thread, without starting it.
   *
   * @param step polls once
   * @param errorHandler gets what a step threw; the thread goes on
   */
  public PollerThread(String name, Poller poller, Step step, Consumer<Throwable> errorHandler) {
    this.poller = poller;
    this.step = step;
    this.errorHandler = errorHandler;
    thread = new Thread(this::run, name);
  }

  /** Starts waiting. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        stepOnce();
      }
    } finally {
      poller.close();
    }
  }

  private void stepOnce() {
    try {
      step.run();
    } catch (Throwable e) { // whatever it is, the links must not be left unwatched
      errorHandler.accept(e);
      LockSupport.parkNanos(PAUSE_AFTER_ERROR_NS); // a lasting error must not make the loop spin
    }
  }

  /** Tells whether the caller is on this thread. */
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  /** Ends the thread without waiting for it. One that was never started frees the poller here. */
  public void end() {
    closing = true;
    if (thread.getState() == Thread.State.NEW) {
      poller.close();
    } else {
      poller.wake();
    }
  }

  /** Ends the thread and waits for it, unless called on it. */
  public void close() {
    end();
    if (!isCurrent()) {
      joinUninterruptibly();
    }
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One wait, and the handling of its events. */
  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }
}
