package io.github.keepalive4j.sockets.internal;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How often a socket is looked at. A driver overwrites options soon after it has connected. */
final class Pauses {
  private static final long YOUNG_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long LONGEST_WINDOW_NS = TimeUnit.SECONDS.toNanos(5);

  /** Looks in a budget. */
  private static final int LOOKS = 5;

  /** Looks in a budget while the window is closed. */
  private static final int WINDOW_LOOKS = 24;

  /** The options of an older socket are read after so many budgets, or so long. */
  private static final int OPTIONS_BUDGETS = 2;

  private static final long LONGEST_OPTIONS_NS = TimeUnit.MINUTES.toNanos(1);

  private final long periodNs;
  private final boolean endless;

  private Pauses(long periodNs, boolean endless) {
    this.periodNs = periodNs;
    this.endless = endless;
  }

  /** Makes the pauses for a time between scans, of which there is no last one. */
  Pauses(Duration period) {
    this(period.toNanos(), true);
  }

  /** Makes the pauses of passes that follow a single scan: each looks at all sockets. */
  static Pauses ofPasses() {
    return new Pauses(0, false);
  }

  /** Tells whether a socket is looked at for as long as it lives. */
  boolean areEndless() {
    return endless;
  }

  boolean wantsOptions(TrackedSocket socket, long nowNs) {
    return socket.rule != null
        && (socket.window != null || isYoung(socket, nowNs) || nowNs >= socket.nextOptionsNs);
  }

  /** Notes a look, which has read the options if they were wanted. */
  void noteLook(TrackedSocket socket, long nowNs) {
    if (wantsOptions(socket, nowNs)) {
      socket.nextOptionsNs =
          nowNs + Math.min(LONGEST_OPTIONS_NS, OPTIONS_BUDGETS * socket.rule.budgetNs());
    }
  }

  private static boolean isYoung(TrackedSocket socket, long nowNs) {
    return nowNs - socket.governedNs < YOUNG_NS;
  }

  /** Returns how long after a failure the next look is due. */
  long afterFailureNs(TrackedSocket socket, long nowNs) {
    return socket.window == null ? periodNs / 2 : afterLookNs(socket, nowNs);
  }

  /** Returns how long after a look the next one is due; those come with the scans, mostly. */
  long afterLookNs(TrackedSocket socket, long nowNs) {
    if (!endless) {
      return 0;
    }
    long budgetNs = socket.rule.budgetNs();
    if (socket.window != null) {
      return Math.min(LONGEST_WINDOW_NS, budgetNs / WINDOW_LOOKS);
    }
    long ageNs = nowNs - socket.governedNs; // so the older a socket is, the less often
    long pauseNs = Math.min(ageNs, Math.min(LONGEST_NS, budgetNs / LOOKS));
    return Math.max(periodNs, pauseNs) - periodNs / 2; // a scan a little early will do
  }
}
