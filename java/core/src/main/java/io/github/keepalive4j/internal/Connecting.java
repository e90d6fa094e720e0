package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.timing.Patience;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What it takes to connect a link, on either transport. */
public final class Connecting {
  private static final System.Logger LOGGER = SafeLogger.get();

  private Connecting() {}

  /** Connects, and makes the handshake if there are probes, within the time. */
  public static void connect(
      Link link, InetSocketAddress source, KeepaliveOptions options, int timeoutMs)
      throws IOException {
    long startNs = System.nanoTime();
    link.connect(source, options, timeoutMs);
    refuseItself(link, source);
    if (options.probeInterval().isPresent()) {
      int spentMs = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
      ProbeHandshake.perform(link, source, options, Math.max(1, timeoutMs - spentMs));
    }
    warnOfImpatience(source, options.worstCaseDetection());
  }

  /** The source can't know this, and nothing flows that would tell it. */
  private static void warnOfImpatience(InetSocketAddress source, Duration budget) {
    Duration needed = Patience.sufficientFor(budget);
    if (needed.compareTo(Patience.DEFAULT) > 0) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the link to "
              + source
              + " takes up to "
              + DurationText.of(budget)
              + " to detect. By default a source waits "
              + DurationText.of(Patience.DEFAULT)
              + " for a silent backup, and then resets it: set its shedAfter (serve --shed-after) to "
              + DurationText.of(needed)
              + " or more");
    }
  }

  /**
   * Refuses a link that has reached itself. Where nobody listens, the kernel connects a port to the
   * same port, which it may also have chosen by itself; such a link never fails.
   */
  private static void refuseItself(Link link, InetSocketAddress source) throws IOException {
    InetSocketAddress local = link.localAddress();
    boolean isSameHost =
        local.getAddress().equals(source.getAddress()) || source.getAddress().isAnyLocalAddress();
    if (isSameHost && local.getPort() == source.getPort()) {
      throw new ConnectException(
          "connecting to " + source + ": nobody listens there, and the link reached itself");
    }
  }

  /** Refuses a source that no link with these options can connect to. */
  public static void requireTarget(InetSocketAddress source, KeepaliveOptions options)
      throws IOException {
    if (Objects.requireNonNull(source, "source").isUnresolved()) {
      throw new UnknownHostException(source.getHostString());
    }
    if (source.getPort() == 0) {
      throw new IllegalArgumentException(
          "source " + source + " has port 0, which is not from 1 to 65535");
    }
    Class<?> family = source.getAddress().getClass();
    Optional<InetSocketAddress> from = options.sourceAddress();
    if (from.isPresent() && from.get().getAddress().getClass() != family) {
      throw new IllegalArgumentException(
          "source " + source + " and sourceAddress " + from.get() + " differ in family");
    }
  }
}
