package io.github.keepalive4j.internal.confirm;

/** The second opinion that a link's end waits for. It may be cancelled before it is asked for. */
public final class PendingOpinion {
  private SecondOpinion opinion; // guarded by this; null while there is none
  private boolean cancelled; // guarded by this

  /** Keeps what is to be started now. Returns false if it was cancelled before. */
  public synchronized boolean admit(SecondOpinion newOpinion) {
    opinion = newOpinion;
    return !cancelled;
  }

  /** Ends the attempts. None begins after this has returned. */
  public void cancel() {
    SecondOpinion toEnd;
    synchronized (this) {
      cancelled = true;
      toEnd = opinion;
    }
    if (toEnd != null) {
      toEnd.cancel();
    }
  }
}
