package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.SourceDeclinedException;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.timing.DetectionBudget;
import io.github.keepalive4j.internal.timing.KernelTimers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * The first exchange on a probed link, before it is watched: one query and its answer.
 *
 * <p>It refuses a source that never reads: probes would fill its window until the kernel takes it
 * for dead. It also refuses a round trip that is too long for the deadline.
 */
public final class ProbeHandshake {
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
    Duration roundTrip = shortestRoundTrip(link.tcpInfo());
    Duration needed = DetectionBudget.leastDeadline(timersOf(link), roundTrip);
    Duration deadline = options.probeDeadline().orElseThrow();
    if (needed.compareTo(deadline) > 0) {
      throw new IOException(
          "the round trip to source "
              + source
              + " takes "
              + roundTrip.toNanos() / 1_000
              + " us: a lost probe may be made good only after "
              + needed.toMillis()
              + " ms, past the probes' deadline of "
              + deadline.toMillis()
              + " ms");
    }
  }

  /** The average of two round trips holds this host's own delays, too: it may be busy right now. */
  private static Duration shortestRoundTrip(TcpInfo info) {
    return info.minRtt().filter(least -> least.compareTo(info.rtt()) < 0).orElse(info.rtt());
  }

  private static KernelTimers timersOf(Link link) throws IOException {
    KernelTimers kernel = Providers.get().kernelTimers();
    Optional<Duration> rtoMin = link.effectiveOptions().rtoMin();
    return rtoMin.isEmpty() ? kernel : kernel.withRtoMin(rtoMin.get());
  }
}
