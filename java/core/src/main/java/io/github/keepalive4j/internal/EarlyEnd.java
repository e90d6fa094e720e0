package io.github.keepalive4j.internal;

/** Keeps the end of a link until its group counts the link. */
public final class EarlyEnd {
  private boolean released; // guarded by this
  private LinkEvent end; // guarded by this; null while there is none

  /** Keeps a final event. Returns false if it need not wait. */
  public synchronized boolean keeps(LinkEvent event) {
    boolean waits = !released && event.type().isFinal();
    if (waits) {
      end = event;
    }
    return waits;
  }

  /** Keeps no event any more. Returns the one that was kept, or null. */
  public synchronized LinkEvent release() {
    released = true;
    return end;
  }
}
