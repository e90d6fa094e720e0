package io.github.keepalive4j.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The one thread that waits on a poller and, at its end, frees it. */
public final class PollerThread {
  private static final long PAUSE_AFTER_ERROR_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Steps that fail follow each other faster than this, so after it the thread works again. */
  private static final long RECOVERY_NS = TimeUnit.SECONDS.toNanos(1);

  /** The thread has come round since it was asked. */
  private static final long ANSWERED = Long.MIN_VALUE;

  /** How often a thread that waits for this one looks whether the JVM ends. */
  private static final long JOIN_MS = 100;

  private final Poller poller;
  private final Step step;
  private final Consumer<Throwable> errorHandler;
  private final Thread thread;
  private volatile boolean closing;
  private volatile Trouble trouble; // the last one, or null if there was none
  private volatile long askedNs = ANSWERED; // since when a question waits for the thread

  /** A step that failed. */
  private record Trouble(String text, long atNs) {
    boolean isRecent() {
      return System.nanoTime() - atNs < RECOVERY_NS;
    }
  }

  /**
   * Makes the thread, without starting it.
   *
   * @param step polls once
   * @param errorHandler hears of what a step threw, once while the same error stays; the thread
   *     goes on
   */
  public PollerThread(String name, Poller poller, Step step, Consumer<Throwable> errorHandler) {
    this.poller = poller;
    this.step = step;
    this.errorHandler = errorHandler;
    thread = new Thread(poller.inRealtime(this::run), name);
  }

  /** Starts waiting. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing) {
        stepOnce();
        if (askedNs != ANSWERED) {
          askedNs = ANSWERED;
        }
      }
    } finally {
      poller.close();
    }
  }

  private void stepOnce() {
    try {
      step.run();
    } catch (Throwable e) { // whatever it is, the links must not be left unwatched
      note(e);
      // An error that stays must not make the loop spin, nor must an interrupt that a callback
      // left.
      var unused = Thread.interrupted();
      LockSupport.parkNanos(PAUSE_AFTER_ERROR_NS);
    }
  }

  private void note(Throwable error) {
    String text = String.valueOf(error);
    Trouble before = trouble;
    boolean isNew = before == null || !before.isRecent() || !before.text().equals(text);
    trouble = new Trouble(text, System.nanoTime());
    if (isNew) {
      report(error);
    }
  }

  private void report(Throwable error) {
    try {
      errorHandler.accept(error);
    } catch (Throwable e) { // a handler or logger that fails must not cost the links their thread
      return;
    }
  }

  /**
   * Tells whether the thread runs, its steps succeed, and none takes longer than 1 s: the thread
   * itself answers, to be seen at the next call. After a step that failed it takes 1 s without
   * another one until this is true again.
   */
  public boolean isWorking() {
    Trouble last = trouble;
    return thread.isAlive() && !closing && (last == null || !last.isRecent()) && comesRound();
  }

  private boolean comesRound() {
    long sinceNs = askedNs;
    if (sinceNs != ANSWERED) {
      return System.nanoTime() - sinceNs < RECOVERY_NS;
    }
    askedNs = System.nanoTime();
    poller.wake();
    return true;
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

  /**
   * Ends the thread and waits for it, unless called on it, or while the JVM ends: the thread may be
   * in a callback that ends the JVM, and then never comes back.
   *
   * @return whether no step is under way on another thread
   */
  public boolean close() {
    end();
    if (!isCurrent()) {
      joinUninterruptibly();
    }
    return isCurrent() || !thread.isAlive();
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive() && !JvmExit.isUnderWay()) {
      try {
        thread.join(JOIN_MS);
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
