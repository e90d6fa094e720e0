package io.github.keepalive4j;

/** The one place for a link's observer: a {@link WatchedLink}, or a thread in a call of its own. */
final class ObserverSlot {
  private Object observer; // guarded by this; null for none

  /** Makes an observer the only one. */
  synchronized void claim(Object newObserver, Object peer) {
    requireFree(peer);
    observer = newObserver;
  }

  synchronized void requireFree(Object peer) {
    if (observer != null) {
      throw new IllegalStateException(
          "the link to " + peer + " is being observed or connected already");
    }
  }

  /** Ends an observer's claim, if it still holds it. */
  synchronized void release(Object oldObserver) {
    if (observer == oldObserver) {
      observer = null;
    }
  }

  /** Returns the watch that observes the link, or null. */
  synchronized WatchedLink watch() {
    return observer instanceof WatchedLink watch ? watch : null;
  }
}
