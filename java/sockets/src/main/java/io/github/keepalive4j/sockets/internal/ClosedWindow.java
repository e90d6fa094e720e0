package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Looks;
import java.util.concurrent.TimeUnit;

/**
 * A peer whose window is closed. The kernel probes it, and ends the connection at the first probe
 * due at or past the user timeout, counted from the first probe, however well the peer answers
 * ({@code tcp_probe_timer()}).
 *
 * <p>So the user timeout is raised again and again, as long as the peer was heard lately. The
 * kernel sends its next probe when the user timeout ends that was set at the last answer ({@code
 * tcp_clamp_probe0_to_user_timeout()}), so a peer that has died is probed in time. Then the user
 * timeout is raised once more, so that one lost probe doesn't end the connection.
 *
 * <p>In parts of the budget: after a probe was answered there is 0.45 until the kernel may end the
 * connection, and a look every 0.04. A peer that has died is given up 1.27 after its last answer,
 * plus the time by which the start was guessed too early.
 */
final class ClosedWindow {
  /** While it was heard within this part of the budget, the deadline moves on. */
  private static final double RECENT = 0.5;

  /** The part of the budget from a look to the deadline. */
  private static final double AHEAD = 0.65;

  /** The part of the budget from the last answer to the last deadline. */
  private static final double LAST = 1.27;

  private static final long LEAST_TIMEOUT_US = 200_000;

  /**
   * The back-off stops at the network namespace's {@code tcp_retries2}, so from there on it doesn't
   * tell for how long the window has been closed. RFC 1122 asks for 3 at least.
   */
  private static final int LEAST_LAST_BACKOFF = 3;

  private final long budgetNs;
  private long startNs; // no later than the kernel's own
  private long deadlineNs;
  private int backoff;
  private long lookNs;

  /**
   * Begins with the first look that saw the window closed.
   *
   * @param startNs a time at which the kernel hadn't probed it yet
   * @param deadlineNs until when it doesn't end the connection
   */
  ClosedWindow(long budgetNs, long startNs, long deadlineNs) {
    this.budgetNs = budgetNs;
    this.startNs = startNs;
    this.lookNs = startNs;
    this.deadlineNs = deadlineNs;
  }

  /** Tells whether what waits can't be sent, and nothing is in flight that would be answered. */
  static boolean isClosed(Looks looks, int i) {
    boolean nothingInFlight = looks.unacked(i) == 0;
    boolean waiting = looks.notSent(i) > 0;
    return looks.sendWindow(i) == 0 ? waiting || !nothingInFlight : waiting && nothingInFlight;
  }

  /**
   * Tells whether a probe is unanswered. If the peer took back a window that it had offered, the
   * kernel sends what is in flight again, and counts neither probes nor retransmissions.
   */
  static boolean isOwed(Looks looks, int i) {
    return looks.probes(i) > 0
        || (looks.unacked(i) > 0 && looks.sinceSentMs(i) < looks.sinceHeardMs(i));
  }

  /** Tells whether {@link #probedNs} can be relied on. */
  static boolean isStartKnown(Looks looks, int i) {
    return looks.probes(i) == 0 && looks.backoff(i) < LEAST_LAST_BACKOFF;
  }

  /**
   * Guesses for how long at most the kernel has probed a closed window: the time since its last
   * probe was answered, and the timeouts before, each late by up to an eighth.
   */
  static long probedNs(Looks looks, int i) {
    long firstUs = Math.max(LEAST_TIMEOUT_US, looks.rtoUs(i));
    long sumUs = 0;
    for (int k = 1; k < looks.backoff(i); k++) {
      sumUs += firstUs << k;
    }
    return TimeUnit.MILLISECONDS.toNanos(looks.sinceAckMs(i))
        + TimeUnit.MICROSECONDS.toNanos(sumUs + sumUs / 8);
  }

  /**
   * Takes in a look.
   *
   * @param silenceNs since the peer was heard
   * @param isOwed whether a probe is unanswered
   * @param newBackoff the exponent of the probes' back-off
   */
  void look(long nowNs, long silenceNs, boolean isOwed, int newBackoff) {
    adjustStart(nowNs, silenceNs, isOwed, newBackoff);
    if (silenceNs < RECENT * budgetNs) {
      raise(nowNs + part(AHEAD));
    } else if (isOwed) {
      raise(nowNs - silenceNs + part(LAST));
    }
  }

  /** The window may have opened and closed again since the last look. */
  private void adjustStart(long nowNs, long silenceNs, boolean isOwed, int newBackoff) {
    if (newBackoff == 0) {
      startNs = nowNs; // no probe yet
    } else if (newBackoff == 1 && !isOwed) {
      startNs = Math.max(startNs, nowNs - silenceNs); // this was the answer to the first
    } else if (newBackoff < backoff) {
      startNs = lookNs;
    }
    backoff = newBackoff;
    lookNs = nowNs;
  }

  private void raise(long newDeadlineNs) {
    deadlineNs = Math.max(deadlineNs, newDeadlineNs);
  }

  private long part(double share) {
    return (long) (share * budgetNs);
  }

  /** Returns how long ago the kernel began to probe the window, or a little more. */
  long ageNs(long nowNs) {
    return nowNs - startNs;
  }

  /** Returns the user timeout with which the kernel ends the connection at the deadline. */
  int userTimeoutMs(int least) {
    long ms = TimeUnit.NANOSECONDS.toMillis(deadlineNs - startNs);
    return (int) Math.max(least, Math.min(Integer.MAX_VALUE, ms));
  }
}
