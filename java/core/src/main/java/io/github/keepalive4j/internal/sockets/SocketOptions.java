package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;

/**
 * What detects a dead peer, as the kernel has it.
 *
 * @param keepAlive {@code SO_KEEPALIVE}; the next three say nothing without it
 * @param idleSeconds {@code TCP_KEEPIDLE}, 1 to 32767
 * @param intervalSeconds {@code TCP_KEEPINTVL}, 1 to 32767
 * @param count {@code TCP_KEEPCNT}, 1 to 127
 * @param userTimeoutMs {@code TCP_USER_TIMEOUT}; 0 is off
 */
public record SocketOptions(
    boolean keepAlive, int idleSeconds, int intervalSeconds, int count, int userTimeoutMs) {
  /** Returns what a socket has after these options were set on it. */
  public static SocketOptions of(KeepaliveOptions options) {
    return new SocketOptions(
        true,
        (int) options.idle().toSeconds(),
        (int) options.interval().toSeconds(),
        options.count(),
        (int) options.userTimeout().orElse(Duration.ZERO).toMillis());
  }
}
