package io.github.keepalive4j.internal;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Runs an action when the current thread is interrupted, or at once if it was before. The JDK
 * offers this to channels alone. Use it once.
 */
public final class InterruptHook extends AbstractInterruptibleChannel {
  private final Runnable action;

  public InterruptHook(Runnable action) {
    this.action = action;
  }

  /**
   * Begins, on the thread that is going to wait. A second call restores the hook after a selector
   * has replaced it.
   */
  public void set() {
    begin();
  }

  /** Ends it, on the same thread. Returns whether the action ran. */
  public boolean clear() {
    try {
      end(true);
    } catch (ClosedByInterruptException e) {
      return true;
    } catch (AsynchronousCloseException e) {
      throw new AssertionError(e); // nobody else closes it
    }
    return false;
  }

  @Override
  protected void implCloseChannel() {
    action.run();
  }
}
