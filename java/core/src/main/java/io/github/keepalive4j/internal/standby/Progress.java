package io.github.keepalive4j.internal.standby;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.internal.SafeLogger;
import java.util.concurrent.Executor;

/** The state of a standby. Its changes are told in order, and none after it is closed. */
public final class Progress {
  private static final System.Logger LOGGER = SafeLogger.get();

  private final Standby.Listener listener;
  private final Executor teller;
  private State state = State.CONNECTING; // guarded by this

  /** Makes the state of a standby that connects; the teller runs the listener, in order. */
  public Progress(Standby.Listener listener, Executor teller) {
    this.listener = listener;
    this.teller = teller;
  }

  public synchronized State state() {
    return state;
  }

  synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Changes the state, unless it is closed. */
  public synchronized void change(State next, Throwable cause) {
    if (state != State.CLOSED && state != next) {
      Standby.StateChange change = new Standby.StateChange(state, next, cause);
      state = next;
      teller.execute(() -> tellUnlessClosed(change));
    }
  }

  private void tellUnlessClosed(Standby.StateChange change) {
    if (!isClosed()) {
      tell(change);
    }
  }

  /**
   * Closes the state and returns the change, or null if it was closed. It is told by the caller.
   */
  public synchronized Standby.StateChange close(Throwable cause) {
    if (state == State.CLOSED) {
      return null;
    }
    Standby.StateChange change = new Standby.StateChange(state, State.CLOSED, cause);
    state = State.CLOSED;
    return change;
  }

  public void tell(Standby.StateChange change) {
    try {
      listener.onStateChanged(change);
    } catch (Throwable e) { // a listener must not cost the protection
      LOGGER.log(System.Logger.Level.ERROR, "a standby's listener failed at " + change, e);
    }
  }
}
