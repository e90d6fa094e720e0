package io.github.keepalive4j.sockets.internal;

import java.util.Random;

/**
 * The kernel's probes of a closed window, as net/ipv4/tcp_timer.c and tcp_input.c have them, and a
 * sweeper that looks now and then. All times are in ms since the last look that saw the window
 * open.
 */
final class ProbeTimer {
  private static final int LONGEST_MS = 120_000;
  private static final double NEVER = Double.MAX_VALUE;
  private static final long MS = 1_000_000;

  private final Random random;
  private final double budgetMs;
  private final int ruleMs;
  private final double firstMs; // the first timeout
  private final double cutMs; // when the peer dies
  private final double lossMs; // the first probe from then on is lost
  private final double lateness; // of looks, in parts of the budget
  private final ClosedWindow window;

  private int userTimeoutMs;
  private double startMs = NEVER;
  private int backoff;
  private int probes;
  private boolean isLost;
  private double heardMs;
  private double timerMs;
  private double answerMs = NEVER;

  ProbeTimer(
      Random random,
      double budgetMs,
      int ruleMs,
      double firstMs,
      double cutMs,
      double lossMs,
      double lateness) {
    this.random = random;
    this.budgetMs = budgetMs;
    this.ruleMs = ruleMs;
    this.firstMs = firstMs;
    this.cutMs = cutMs;
    this.lossMs = lossMs;
    this.lateness = lateness;
    window = new ClosedWindow(((long) budgetMs) * MS, 0, ruleMs * MS);
    userTimeoutMs = ruleMs;
  }

  /** Runs on until an end in ms. Returns when the kernel ended the connection, or infinity. */
  double run(double endMs) {
    double lookMs = Math.min(30_000, budgetMs / 5);
    heardMs = random.nextDouble() * lookMs; // when the window closes
    arm(heardMs, firstMs);
    while (true) {
      double nowMs = Math.min(lookMs, Math.min(timerMs, answerMs));
      if (nowMs > endMs) {
        return Double.POSITIVE_INFINITY;
      } else if (nowMs == answerMs) {
        answer(nowMs);
      } else if (nowMs == lookMs) {
        look(nowMs);
        lookMs += Math.min(5_000, budgetMs / 24) + random.nextDouble() * lateness * budgetMs;
      } else if (isOver(nowMs)) {
        return nowMs;
      } else {
        probe(nowMs);
      }
    }
  }

  private boolean isOver(double nowMs) {
    startMs = Math.min(startMs, nowMs);
    return nowMs > startMs && nowMs - startMs >= userTimeoutMs;
  }

  private void probe(double nowMs) {
    probes++;
    backoff = Math.min(15, backoff + 1);
    arm(nowMs, clamped(nowMs));
    boolean isLostNow = !isLost && nowMs >= lossMs;
    isLost = isLost || isLostNow;
    if (nowMs < cutMs && !isLostNow) {
      answerMs = nowMs + 1;
    }
  }

  private void answer(double nowMs) {
    answerMs = NEVER;
    probes = 0;
    heardMs = nowMs;
    arm(nowMs, clamped(nowMs));
  }

  private double clamped(double nowMs) {
    double leftMs = Math.max(8, userTimeoutMs - (nowMs - startMs));
    return Math.min(leftMs, Math.min(LONGEST_MS, firstMs * (1 << backoff)));
  }

  /** The timer wheel fires late by up to an eighth. */
  private void arm(double nowMs, double timeoutMs) {
    double step = 4;
    for (double limit = 252; timeoutMs > limit; limit *= 8) {
      step *= 8;
    }
    timerMs = nowMs + timeoutMs + random.nextDouble() * step;
  }

  private void look(double nowMs) {
    window.look((long) (nowMs * MS), (long) ((nowMs - heardMs) * MS), probes > 0, backoff);
    userTimeoutMs = window.userTimeoutMs(ruleMs);
  }
}
