package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A socket of the process, from the first scan that saw it to the first that didn't. */
final class TrackedSocket {
  private static final long NEVER = Long.MAX_VALUE;

  final long identity;
  int fd; // the lowest, if it has several
  int descriptors; // 0 once it is gone

  /** When to look, since the sweeper's start; 0 for at once. */
  long nextLookNs;

  // What follows has a meaning while the rule isn't null.
  GovernedRule rule; // null until one matched
  InetSocketAddress local;
  InetSocketAddress remote;
  SocketOptions expected;
  UserTimeout timeout;
  ClosedWindow window; // the user timeout's; null while it is open
  Unanswered unanswered;
  long governedNs;
  long queuedBytes;
  long nextOptionsNs; // when to read them, once it isn't young any more
  private boolean isCounted; // by its rule
  boolean isBacklog; // an answer was owed when the rule came
  boolean isRefused; // the options, by the kernel
  boolean isSparedTold;
  boolean isStuckTold;

  TrackedSocket(int fd, long identity) {
    this.fd = fd;
    this.identity = identity;
  }

  /** It isn't looked at any more. */
  void leaveAlone() {
    nextLookNs = NEVER;
    if (isCounted) {
      isCounted = false;
      rule.sockets().decrementAndGet();
    }
    rule = null;
    window = null;
  }

  void govern(GovernedRule by, long nowNs) {
    rule = by;
    governedNs = nowNs;
    unanswered = new Unanswered(nowNs);
  }

  /** Comes once the options are in place. */
  void count() {
    isCounted = true;
    rule.sockets().incrementAndGet();
  }

  SocketUpdate update(long nowNs) {
    long silenceMs = TimeUnit.NANOSECONDS.toMillis(Math.max(0, unanswered.silenceNs(nowNs)));
    return SocketUpdate.of(
            local, remote, rule.rule(), Duration.ofMillis(silenceMs), Math.max(0, queuedBytes))
        .withUserTimeout(Duration.ofMillis(expected.userTimeoutMs()));
  }
}
