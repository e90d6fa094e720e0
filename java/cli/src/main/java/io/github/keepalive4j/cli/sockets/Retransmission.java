package io.github.keepalive4j.cli.sockets;

/**
 * The kernel's schedule for data that nobody acknowledges ({@code tcp_retransmit_timer()}): each
 * timeout is twice the one before, up to a maximum. It gives up at the first timeout past a time
 * that it computes from {@code tcp_retries2} ({@code tcp_model_timeout()}), not after a count.
 *
 * @param rtoMs the first timeout
 * @param settings of the connection's network namespace
 */
record Retransmission(long rtoMs, NetworkSettings settings) {
  /**
   * {@code TCP_RTO_MIN}, by which the kernel computes, whatever the connection's own timeout is.
   */
  static final long MIN_RTO_MS = 200;

  /** Returns the time from the first retransmission to the one that comes {@code count} later. */
  long elapsedMs(int count) {
    long elapsedMs = 0;
    for (int i = 1; i <= count; i++) {
      elapsedMs += timeoutMs(i);
    }
    return elapsedMs;
  }

  /** Returns the time from the first retransmission to the kernel's giving up. */
  long untilGivenUpMs() {
    long limitMs = limitMs();
    long elapsedMs = 0;
    long lateMs = 0;
    for (int i = 1; elapsedMs + lateMs < limitMs; i++) {
      elapsedMs += timeoutMs(i);
      lateMs += meanLatenessMs(timeoutMs(i));
    }
    return elapsedMs;
  }

  /** Returns a timeout that was doubled this often. */
  private long timeoutMs(int doublings) {
    return Math.min(rtoMs << Math.min(doublings, 20), settings.rtoMaxMs());
  }

  private long limitMs() {
    int doublings =
        Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, settings.rtoMaxMs() / MIN_RTO_MS));
    int retries = settings.retries2();
    int doubled = Math.min(retries, doublings);
    return ((2L << doubled) - 1) * MIN_RTO_MS + (long) (retries - doubled) * settings.rtoMaxMs();
  }

  /**
   * Returns the time until the kernel gives up on a closed window ({@code tcp_probe_timer()}), of
   * which it probes {@code tcp_retries2} times.
   *
   * @param backoff how often the time between probes was doubled
   * @param unanswered how many probes are unanswered
   */
  long untilWindowGivenUpMs(int backoff, int unanswered) {
    long elapsedMs = 0;
    for (int i = 0; i <= settings.retries2() - unanswered; i++) {
      elapsedMs += timeoutMs(Math.min(backoff + i, settings.retries2()));
    }
    return elapsedMs;
  }

  /** The timer wheel's steps (kernel/time/timer.c): an eighth of the time at most. */
  private static long meanLatenessMs(long timeoutMs) {
    long stepMs = 4;
    while (timeoutMs >= 64 * stepMs) {
      stepMs *= 8;
    }
    return stepMs / 2;
  }
}
