package io.github.keepalive4j.cli.sockets;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a network namespace prescribes to its connections ({@code /proc/sys/net/ipv4}), or one of
 * them has instead.
 *
 * @param retries2 {@code tcp_retries2}: how often data is retransmitted, roughly
 * @param synRetries {@code tcp_syn_retries}, or the socket's {@code TCP_SYNCNT}
 * @param synLinearTimeouts {@code tcp_syn_linear_timeouts}, 0 before Linux 6.5
 * @param rtoMaxMs {@code tcp_rto_max_ms}, or the socket's {@code TCP_RTO_MAX_MS}; a constant before
 *     Linux 6.15
 * @param known whether they were read; otherwise they are the kernel's defaults
 */
record NetworkSettings(
    int retries2, int synRetries, int synLinearTimeouts, int rtoMaxMs, boolean known) {

  static final NetworkSettings DEFAULTS = new NetworkSettings(15, 6, 4, 120_000, false);

  private static final Path FOLDER = Path.of("/proc/sys/net/ipv4");

  /** Reads those of the calling thread's network namespace. */
  static NetworkSettings read() {
    int retries2 = setting("tcp_retries2", -1);
    if (retries2 < 0) {
      return DEFAULTS;
    }
    return new NetworkSettings(
        retries2,
        setting("tcp_syn_retries", DEFAULTS.synRetries),
        setting("tcp_syn_linear_timeouts", 0),
        setting("tcp_rto_max_ms", DEFAULTS.rtoMaxMs),
        true);
  }

  /** Returns these, but with what a socket has set for itself. */
  NetworkSettings withThoseOf(int fd) {
    return new NetworkSettings(
        retries2,
        LibC.option(fd, LibC.TCP_SYNCNT, synRetries),
        synLinearTimeouts,
        LibC.option(fd, LibC.TCP_RTO_MAX_MS, rtoMaxMs),
        known);
  }

  private static int setting(String name, int fallback) {
    try (BufferedReader file = Files.newBufferedReader(FOLDER.resolve(name))) {
      return Integer.parseInt(file.readLine().strip());
    } catch (IOException | NumberFormatException e) {
      return fallback;
    }
  }
}
