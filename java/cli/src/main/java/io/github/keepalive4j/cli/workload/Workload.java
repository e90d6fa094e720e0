package io.github.keepalive4j.cli.workload;

import java.util.function.Consumer;

/**
 * What a source stands for: whether it runs, and who has to hear at once that it has ended.
 * Thread-safe.
 */
public final class Workload implements AutoCloseable {
  /** Why it doesn't run as long as nobody has looked. */
  static final String UNKNOWN = "";

  private final boolean beginsLater;
  private String missing; // guarded by this; why it doesn't run, or null if it does
  private Consumer<String> follower; // guarded by this; null for none
  private Observer observer; // guarded by this; null for none

  /** Finds out whether it runs, until it is closed. */
  interface Observer extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Makes one that doesn't run yet.
   *
   * @param beginsLater whether the source itself begins it
   * @param missing why it doesn't run
   */
  Workload(boolean beginsLater, String missing) {
    this.beginsLater = beginsLater;
    this.missing = missing;
  }

  /** Takes what observes it, and ends with this. */
  synchronized Workload observedBy(Observer started) {
    observer = started;
    return this;
  }

  /** Tells whether it begins only once the source serves, by a command of its own. */
  public boolean beginsLater() {
    return beginsLater;
  }

  synchronized void began() {
    missing = null;
    notifyAll();
  }

  /** Notes why it doesn't run, unless it does. */
  synchronized void isMissing(String reason) {
    if (missing != null && !missing.equals(reason)) {
      missing = reason;
      notifyAll();
    }
  }

  /** Tells its end to whoever follows it, unless it wasn't running. */
  void ended(String reason) {
    Consumer<String> told;
    synchronized (this) {
      if (missing != null) {
        return;
      }
      missing = reason;
      told = follower;
      follower = null;
      notifyAll();
    }
    if (told != null) {
      told.accept(reason);
    }
  }

  /**
   * Waits until it runs, unless it begins later.
   *
   * @param waiting hears why it doesn't, each time that this changes
   */
  public void awaitRunning(Consumer<String> waiting) throws InterruptedException {
    String told = UNKNOWN;
    while (true) {
      String reason;
      synchronized (this) {
        while (!beginsLater && missing != null && missing.equals(told)) {
          wait();
        }
        reason = beginsLater ? null : missing;
      }
      if (reason == null) {
        return;
      }
      waiting.accept(reason);
      told = reason;
    }
  }

  /**
   * Follows it up to its next end, in place of who followed it before. One that doesn't run, and
   * doesn't begin later, has ended.
   *
   * @param onEnd called once with the reason, on the thread that notices
   */
  public void follow(Consumer<String> onEnd) {
    String reason;
    synchronized (this) {
      reason = beginsLater ? null : missing;
      follower = reason == null ? onEnd : null;
    }
    if (reason != null) {
      onEnd.accept(reason);
    }
  }

  @Override
  public synchronized void close() {
    if (observer != null) {
      observer.close();
    }
  }
}
