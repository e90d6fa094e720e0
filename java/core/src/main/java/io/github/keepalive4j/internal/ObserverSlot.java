package io.github.keepalive4j.internal;

/** The one place for a link's observer: a watch, or a thread in a call of its own. */
public final class ObserverSlot {
  private Object observer; // guarded by this; null for none

  /** Makes an observer the only one. */
  public synchronized void claim(Object newObserver, Object peer) {
    requireFree(peer);
    observer = newObserver;
  }

  public synchronized void requireFree(Object peer) {
    if (observer != null) {
      throw new IllegalStateException(
          "the link to " + peer + " is being observed or connected already");
    }
  }

  /** Ends an observer's claim, if it still holds it. */
  public synchronized void release(Object oldObserver) {
    if (observer == oldObserver) {
      observer = null;
    }
  }

  /** Returns the observer, or null. */
  public synchronized Object current() {
    return observer;
  }
}
