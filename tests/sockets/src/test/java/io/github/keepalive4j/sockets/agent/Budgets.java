package io.github.keepalive4j.sockets.agent;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.time.Duration;

/** What the kernel has in effect under a budget. */
final class Budgets {
  private Budgets() {}

  static SocketOptions options(Duration budget) {
    return SocketOptions.of(KeepaliveOptions.forTraffic(budget));
  }
}
