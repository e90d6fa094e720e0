package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.sockets.SocketRule;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A rule, what it sets, and how many sockets have it. */
final class GovernedRule {
  private final SocketRule rule;
  private final SocketOptions options;
  private final long budgetNs;
  private final AtomicLong sockets = new AtomicLong();

  GovernedRule(SocketRule rule) {
    this.rule = rule;
    this.options = SocketOptions.of(KeepaliveOptions.forTraffic(rule.within()));
    this.budgetNs = rule.within().toNanos();
  }

  SocketRule rule() {
    return rule;
  }

  SocketOptions options() {
    return options;
  }

  /** Returns the options with another user timeout. */
  SocketOptions options(int userTimeoutMs) {
    return userTimeoutMs == options.userTimeoutMs()
        ? options
        : new SocketOptions(
            options.keepAlive(),
            options.idleSeconds(),
            options.intervalSeconds(),
            options.count(),
            userTimeoutMs);
  }

  long budgetNs() {
    return budgetNs;
  }

  long userTimeoutNs() {
    return TimeUnit.MILLISECONDS.toNanos(options.userTimeoutMs());
  }

  AtomicLong sockets() {
    return sockets;
  }
}
