package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Looks;
import java.util.concurrent.TimeUnit;

/**
 * Connections that the kernel should have ended and hasn't. A user timeout acts only when a timer
 * fires that was set before it, which may take up to 2 minutes.
 */
final class Stuck {
  private static final long LONGEST_TIMEOUT_US = TimeUnit.SECONDS.toMicros(120);
  private static final long LEAST_TIMEOUT_US = 200_000;

  /** A probe that was just sent has had no time to be answered. */
  private static final long ROUND_TRIP_NS = TimeUnit.SECONDS.toNanos(1);

  private Stuck() {}

  /** Tells whether data or a probe of a closed window is unanswered. */
  static boolean isOwed(Looks looks, int i) {
    return ClosedWindow.isClosed(looks, i)
        ? ClosedWindow.isOwed(looks, i)
        : looks.unacked(i) > 0 && looks.retransmits(i) > 0;
  }

  /**
   * Returns for how long data in flight has been unacknowledged: the timeouts that have passed, and
   * the time since the last retransmission. 0 if there is none that was sent again.
   */
  static long owedNs(Looks looks, int i) {
    if (!isOwed(looks, i) || ClosedWindow.isClosed(looks, i)) {
      return 0;
    }
    int backoff = looks.backoff(i);
    long rtoUs = looks.rtoUs(i);
    long firstUs = rtoUs < LONGEST_TIMEOUT_US ? rtoUs >> backoff : LEAST_TIMEOUT_US;
    long sumUs = TimeUnit.MILLISECONDS.toMicros(looks.sinceSentMs(i));
    for (int k = 0; k < backoff; k++) {
      sumUs += Math.min(LONGEST_TIMEOUT_US, firstUs << k);
    }
    long silenceUs = TimeUnit.MILLISECONDS.toMicros(looks.sinceHeardMs(i));
    return TimeUnit.MICROSECONDS.toNanos(Math.min(sumUs, silenceUs));
  }

  /** Tells whether a connection is stuck of which that hasn't been told yet. */
  static boolean isStuck(TrackedSocket socket, Looks looks, int i, long nowNs) {
    if (socket.isStuckTold || !isOwed(looks, i)) {
      return false;
    }
    long budgetNs = socket.rule.budgetNs();
    long boundNs = socket.isBacklog ? budgetNs : budgetNs + budgetNs / 2;
    long owedNs = socket.unanswered.ns(nowNs);
    return ClosedWindow.isClosed(looks, i)
        ? owedNs >= ROUND_TRIP_NS && socket.unanswered.silenceNs(nowNs) > boundNs
        : owedNs > boundNs;
  }
}
