package io.github.keepalive4j;

/**
 * Hears what happens to all links of a {@link KeepaliveMonitor}, for metrics and the like.
 *
 * <p>Called on the thread where it happens: the monitor's own, a callback's, or the one that
 * watches or closes a link. A call holds that thread up, so it must return at once, and it must not
 * close a link. What it throws goes to the monitor's error handler.
 *
 * <p>Calls for different links come at the same time. For one link they come in order, except that
 * {@link #onUnwatched} may overtake a call under way. {@link #onUp} is always followed by {@link
 * #onUnwatched}, and {@link #onEnded} comes once for each {@link Watch}.
 */
public interface MonitorListener extends LinkListener {
  /**
   * A monitor has been opened with this listener.
   *
   * @param monitor may be asked whether it {@linkplain KeepaliveMonitor#isWorking() works}
   */
  default void onOpened(KeepaliveMonitor monitor) {}

  /** The monitor is closed. Called once, on the thread that closed it. */
  default void onClosed(KeepaliveMonitor monitor) {}

  /**
   * A link has ended: it was judged dead, its source stood down or broke the protocol, or this host
   * ended it. A confirmation, the guard and the callback wait for this call. If a confirmation
   * finds that the source stands down, a second verdict says so.
   *
   * @param failure what happened
   */
  default void onVerdict(Failure failure) {}

  /**
   * A link is no longer watched: it has ended and its callback has returned, or its owner closed it
   * or took it back.
   */
  default void onUnwatched(LinkUpdate event) {}
}
