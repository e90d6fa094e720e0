package io.github.keepalive4j.sockets.internal;

import java.util.concurrent.TimeUnit;

/** Since when a peer owes an answer to what was sent to it. */
final class Unanswered {
  /** The kernel tells ms, and a look takes a while. */
  private static final long TOLERANCE_NS = TimeUnit.MILLISECONDS.toNanos(50);

  /** The part of the user timeout for which an answer must have been owed. */
  private static final int LEAST_SHARE = 4;

  private boolean owed;
  private long sinceNs; // has a meaning while owed
  private long heardNs;

  Unanswered(long nowNs) {
    heardNs = nowNs;
  }

  /**
   * Takes in a look.
   *
   * @param silenceNs since the peer was heard
   * @param isOwed whether a probe or a retransmission is unanswered
   */
  void look(long nowNs, long silenceNs, boolean isOwed) {
    long newHeardNs = nowNs - silenceNs;
    if (isOwed && (!owed || newHeardNs - heardNs > TOLERANCE_NS)) {
      sinceNs = nowNs;
    }
    owed = isOwed;
    heardNs = newHeardNs;
  }

  /** Notes that the answer has been owed for longer than there were looks. */
  void backdate(long ns) {
    sinceNs -= ns;
  }

  /** Returns for how long an answer has been owed; 0 for none. */
  long ns(long nowNs) {
    return owed ? nowNs - sinceNs : 0;
  }

  long silenceNs(long nowNs) {
    return nowNs - heardNs;
  }

  /**
   * Tells whether a connection that is gone was ended by the kernel, not by its owner: it was
   * silent for the user timeout, and a good part of that after something was sent.
   */
  boolean isDeath(long nowNs, long userTimeoutNs) {
    return silenceNs(nowNs) >= userTimeoutNs && ns(nowNs) >= userTimeoutNs / LEAST_SHARE;
  }
}
