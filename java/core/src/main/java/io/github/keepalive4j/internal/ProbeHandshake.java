package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.SourceDeclinedException;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The first exchange on a probed link, before it is watched: one query and its answer.
 *
 * <p>It refuses a source that never reads: probes would fill its window until the kernel takes it
 * for dead. It also refuses a round trip that is too long for the deadline.
 */
public final class ProbeHandshake {
  /**
   * A loss probe waits for two round trips more than on a short link, and its acknowledgement takes
   * a third.
   */
  private static final int ROUND_TRIPS = 3;

  private ProbeHandshake() {}

  public static void perform(
      Link link, InetSocketAddress source, KeepaliveOptions options, int timeoutMs)
      throws IOException {
    try {
      link.handshake(timeoutMs);
      requireShortRoundTrip(link, source, options);
    } catch (KeepaliveException e) {
      link.close();
      throw handshakeFailure(source, timeoutMs, e);
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  private static IOException handshakeFailure(
      InetSocketAddress source, int timeoutMs, KeepaliveException e) {
    if (e.errno() == Errno.ECONNREFUSED.number()) {
      return new SourceDeclinedException(
          "connecting to "
              + source
              + ": the source declined this backup; it stands down or admits no more backups");
    }
    return e.errno() == Errno.ETIME.number() ? silent(source, timeoutMs) : e;
  }

  private static IOException silent(InetSocketAddress source, int timeoutMs) {
    return new SocketTimeoutException(
        "source "
            + source
            + " answered no query within "
            + timeoutMs
            + " ms: fast detection needs a healthy keepalive4j source; use keepalive alone for one that never reads");
  }

  private static void requireShortRoundTrip(
      Link link, InetSocketAddress source, KeepaliveOptions options) throws IOException {
    Duration roundTrip = link.tcpInfo().rtt();
    Duration rtoMin =
        link.effectiveOptions()
            .rtoMin()
            .orElse(Duration.ofNanos(1_000L * KernelTimers.DEFAULT_RTO_MIN_US));
    Duration needed = rtoMin.plus(roundTrip.multipliedBy(ROUND_TRIPS));
    Duration deadline = options.probeDeadline().orElseThrow();
    if (needed.compareTo(deadline) > 0) {
      throw new IOException(
          "the round trip to source "
              + source
              + " takes "
              + roundTrip.toNanos() / 1_000
              + " us: a lost probe would be replaced after "
              + needed.toMillis()
              + " ms at the earliest, past the probes' deadline of "
              + deadline.toMillis()
              + " ms");
    }
  }
}
