package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Looks;
import java.util.concurrent.TimeUnit;

/**
 * Which user timeout a socket needs now: mostly its rule's. While a window is closed it is more.
 *
 * <p>At first it may be none: the kernel counts from when the peer was last heard, or from its
 * first probe of a closed window, which may be long ago. Then one lost probe, or even none, would
 * end the connection. So it has to be heard first, or its window to open.
 */
final class UserTimeout {
  private static final int NONE = 0;

  private final GovernedRule rule;
  private final boolean raises;
  private long openNs; // when the window was last seen open, or may have been
  private boolean isDeferred;
  private boolean isClosedSinceBefore; // the window: nobody knows since when
  private ClosedWindow window; // null while it is open, or nobody knows since when it is closed

  private UserTimeout(GovernedRule rule, boolean raises, long openNs) {
    this.rule = rule;
    this.raises = raises;
    this.openNs = openNs;
  }

  /**
   * Begins with the first look.
   *
   * @param raises whether looks follow for as long as a window may be closed; without them it has
   *     none while it is
   */
  static UserTimeout begin(GovernedRule rule, boolean raises, Looks looks, int i, long nowNs) {
    UserTimeout timeout = new UserTimeout(rule, raises, nowNs);
    if (ClosedWindow.isClosed(looks, i)) {
      long probedNs = ClosedWindow.probedNs(looks, i);
      timeout.openNs = nowNs - probedNs;
      timeout.isClosedSinceBefore =
          !ClosedWindow.isStartKnown(looks, i) || probedNs > rule.userTimeoutNs() / 2;
    }
    timeout.isDeferred = looks.unacked(i) == 0 && !timeout.isHeard(looks, i);
    return timeout;
  }

  private boolean isHeard(Looks looks, int i) {
    return silenceNs(looks, i) <= rule.userTimeoutNs() / 2;
  }

  private static long silenceNs(Looks looks, int i) {
    return TimeUnit.MILLISECONDS.toNanos(looks.sinceHeardMs(i));
  }

  /** Takes in a look, and returns the user timeout in ms, 0 for none. */
  int wantedMs(Looks looks, int i, long nowNs) {
    if (ClosedWindow.isClosed(looks, i)) {
      isDeferred = false;
      return isClosedSinceBefore || !raises ? NONE : whileClosed(looks, i, nowNs);
    }
    isClosedSinceBefore = false;
    window = null;
    openNs = nowNs;
    isDeferred = isDeferred && looks.unacked(i) == 0 && !isHeard(looks, i);
    return isDeferred ? NONE : rule.options().userTimeoutMs();
  }

  private int whileClosed(Looks looks, int i, long nowNs) {
    if (window == null) {
      window = new ClosedWindow(rule.budgetNs(), openNs, openNs + rule.userTimeoutNs());
    }
    boolean isOwed = ClosedWindow.isOwed(looks, i);
    window.look(nowNs, silenceNs(looks, i), isOwed, looks.backoff(i));
    return window.userTimeoutMs(rule.options().userTimeoutMs());
  }

  /** Returns null unless the window is closed, and it is known since when. */
  ClosedWindow window() {
    return window;
  }

  boolean isClosed() {
    return isClosedSinceBefore || window != null;
  }

  /** Tells whether the kernel would end the connection by now if it were let. */
  boolean isSparing(long nowNs) {
    return isClosedSinceBefore || (window != null && window.ageNs(nowNs) >= rule.userTimeoutNs());
  }
}
