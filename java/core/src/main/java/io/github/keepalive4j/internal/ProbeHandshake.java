package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The first healthy exchange that arms a probed link: one query and its answer.
 *
 * <p>It finds out the source that never reads what it is sent, whose window probes would fill until
 * the kernel takes the full window for a dead peer; and the round trip that is too long for the
 * deadline.
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
      throw e.errno() == Errno.ETIME.number() ? silent(source, timeoutMs) : e;
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  private static IOException silent(InetSocketAddress source, int timeoutMs) {
    return new SocketTimeoutException(
        "source "
            + source
            + " answered no query within "
            + timeoutMs
            + " ms: fast detection takes a keepalive4j source in good health; one that never reads is for keepalive alone");
  }

  private static void requireShortRoundTrip(
      Link link, InetSocketAddress source, KeepaliveOptions options) throws IOException {
    Duration roundTrip = Duration.ofNanos(1_000 * link.tcpInfo().rttUs());
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
              + " us: a lost probe would be made good after "
              + needed.toMillis()
              + " ms at the earliest, past the probes' deadline of "
              + deadline.toMillis()
              + " ms");
    }
  }
}
