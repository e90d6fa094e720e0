package io.github.keepalive4j.internal;

import java.io.IOException;

/**
 * A set of descriptors that one thread waits for. All methods but {@link #poll} and {@link #close}
 * may be called from any thread.
 */
public interface Poller {
  /** Puts a link into the set; the attachment comes back with its events. */
  void watch(Link link, Object attachment, WatchSettings settings) throws IOException;

  /** Puts a listener into the set. */
  void listen(Listener listener, Object attachment) throws IOException;

  /**
   * Takes a link out of the set before it is closed, if it is there with this attachment. A final
   * event that is under way is still handed over.
   *
   * @return that event, which the kernel won't repeat for the next observer; null if there is none
   */
  LinkEvent unwatch(Link link, Object attachment);

  /** Makes the current or the next {@link #poll} return. */
  void wake();

  /**
   * Waits for events and hands them over; a negative timeout waits for ever. A final event's link
   * has left the set. Returns how many events there were.
   */
  int poll(int timeoutMs, Handler handler) throws IOException;

  /** Returns what a thread runs: the work, in real time if this set is for that. */
  default Runnable inRealtime(Runnable work) {
    return work;
  }

  /** Frees the set; no other call may be under way. */
  void close();

  /** Takes the events of a poll. */
  @FunctionalInterface
  interface Handler {
    void on(Object attachment, LinkEvent event);
  }
}
