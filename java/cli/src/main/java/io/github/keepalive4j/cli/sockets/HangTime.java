package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How long the kernel would go on with a connection if its peer died now, by the rules of
 * net/ipv4/tcp_timer.c. The kernel's timers may add up to an eighth.
 */
final class HangTime {
  /** What a connection does. */
  enum Activity {
    IDLE,
    SENDING,
    CLOSING,
    CONNECTING;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final long FIRST_SYN_TIMEOUT_MS = 1_000;
  private static final long LATE_MS = 1_000;

  private final SocketView socket;
  private final TcpInfo info;
  private final SocketOptions options;
  private final Retransmission schedule;

  private HangTime(SocketView socket) {
    this.socket = socket;
    info = socket.info();
    options = socket.options();
    schedule = new Retransmission(firstRtoMs(), socket.settings());
  }

  /**
   * Returns the times by what the connection does now, or may do next; empty times mean for ever.
   */
  static Map<Activity, Optional<Duration>> of(SocketView socket) {
    return new HangTime(socket).times();
  }

  /** Returns the time since the oldest segment in flight was sent, by what followed it. */
  static Duration sinceFirstSent(SocketView socket) {
    HangTime time = new HangTime(socket);
    return Duration.ofMillis(
        socket.info().retransmits() == 0
            ? time.sinceSentMs()
            : time.schedule.rtoMs() + time.sinceRetransmittingMs());
  }

  /** Returns the time from the first SYN to the last one; the kernel doesn't tell when that was. */
  static Duration sinceFirstSyn(SocketView socket) {
    return Duration.ofMillis(new HangTime(socket).synTimeoutsMs(0, socket.info().retransmits()));
  }

  /**
   * Tells whether keepalive was turned on after a silence. Then the first probe comes at most an
   * idle time later, and the time to hang is the most.
   */
  static boolean isKeepaliveLate(SocketView socket) {
    SocketOptions options = socket.options();
    long dueMs =
        1_000L * (options.idleSeconds() + socket.info().probes() * options.intervalSeconds());
    return options.keepAlive() && socket.info().silence().toMillis() > dueMs + dueMs / 8 + LATE_MS;
  }

  private Map<Activity, Optional<Duration>> times() {
    Map<Activity, Optional<Duration>> times = new EnumMap<>(Activity.class);
    switch (info.state()) {
      case ESTABLISHED, CLOSE_WAIT -> {
        if (!isSending()) {
          times.put(Activity.IDLE, idle());
        }
        times.put(Activity.SENDING, Optional.of(time(sendingMs())));
      }
      case FIN_WAIT2 -> times.put(Activity.IDLE, idle());
      case FIN_WAIT1, CLOSING, LAST_ACK ->
          times.put(Activity.CLOSING, Optional.of(time(sendingMs())));
      case SYN_SENT, SYN_RECV -> times.put(Activity.CONNECTING, Optional.of(time(connectingMs())));
      default -> {
        // there is no peer that could die
      }
    }
    return times;
  }

  private static Duration time(long ms) {
    return Duration.ofMillis(Math.max(0, ms));
  }

  private boolean isSending() {
    return info.unacked() > 0 || socket.queuedBytes() > 0;
  }

  /** {@code tcp_keepalive_timer()}: with a user timeout, the count doesn't matter. */
  private Optional<Duration> idle() {
    if (!options.keepAlive()) {
      return Optional.empty();
    }
    long probes =
        options.userTimeoutMs() == 0
            ? options.count()
            : Math.max(1, probesUntil(options.userTimeoutMs()));
    long totalMs = 1_000 * (options.idleSeconds() + probes * options.intervalSeconds());
    if (isKeepaliveLate(socket)) {
      long leftMs = 1_000L * options.intervalSeconds() * (Math.max(0, probes - info.probes()) + 1);
      return Optional.of(time(info.probes() == 0 ? totalMs : leftMs));
    }
    return Optional.of(time(totalMs - info.silence().toMillis()));
  }

  private long probesUntil(long userTimeoutMs) {
    long intervalMs = 1_000L * options.intervalSeconds();
    long probingMs = userTimeoutMs - 1_000L * options.idleSeconds();
    return -Math.floorDiv(-probingMs, intervalMs); // rounded up
  }

  private long sendingMs() {
    if (socket.isHeldByThePeer()) {
      return heldMs();
    }
    return info.retransmits() > 0 ? retransmittingMs() : untilRetransmissionMs() + givenUpMs();
  }

  /** The user timeout ends it even if the peer answers. */
  private long heldMs() {
    return options.userTimeoutMs() > 0
        ? options.userTimeoutMs()
        : schedule.untilWindowGivenUpMs(info.backoff(), info.probes());
  }

  /** {@code retransmits_timed_out()}: a user timeout replaces {@code tcp_retries2}. */
  private long givenUpMs() {
    return options.userTimeoutMs() > 0 ? options.userTimeoutMs() : schedule.untilGivenUpMs();
  }

  /** A user timeout that has passed acts at the next retransmission. */
  private long retransmittingMs() {
    long leftMs = givenUpMs() - sinceRetransmittingMs();
    return leftMs > 0 ? leftMs : info.rto().toMillis() - sinceSentMs();
  }

  /** Returns the time since the first retransmission. */
  private long sinceRetransmittingMs() {
    return schedule.elapsedMs(info.retransmits() - 1) + sinceSentMs();
  }

  /** The kernel doesn't tell when a FIN was sent: without data it counts as sent now. */
  private long sinceSentMs() {
    return switch (info.state()) {
      case FIN_WAIT1, CLOSING, LAST_ACK -> 0;
      default -> info.sinceDataSent().toMillis();
    };
  }

  /** A loss probe may come before, and the timeout begins anew with it. */
  private long untilRetransmissionMs() {
    long rtoMs = schedule.rtoMs();
    long lossProbeMs = 2 * info.rtt().toMillis() + Retransmission.MIN_RTO_MS;
    long sinceMs = info.unacked() > 0 ? sinceSentMs() : 0;
    return Math.max(0, rtoMs + Math.min(rtoMs, lossProbeMs) - sinceMs);
  }

  /** Returns the retransmission timeout before it was doubled; the maximum hides what it was. */
  private long firstRtoMs() {
    long rtoMs = info.rto().toMillis();
    int doublings = socket.isHeldByThePeer() ? 0 : info.retransmits();
    if (rtoMs < socket.settings().rtoMaxMs() || doublings == 0) {
      return Math.max(1, rtoMs >> doublings);
    }
    return info.rtt().toMillis()
        + Math.max(Retransmission.MIN_RTO_MS, 4 * info.rttVar().toMillis());
  }

  /** {@code tcp_write_timeout()} of a SYN: the first timeouts aren't doubled. */
  private long connectingMs() {
    NetworkSettings settings = socket.settings();
    int timeouts = settings.synRetries() + settings.synLinearTimeouts() + 1;
    long leftMs = synTimeoutsMs(info.retransmits(), timeouts);
    return options.userTimeoutMs() == 0
        ? leftMs
        : Math.min(leftMs, FIRST_SYN_TIMEOUT_MS + options.userTimeoutMs());
  }

  /** Returns the sum of the timeouts from one on and before another; the first is 0. */
  private long synTimeoutsMs(int from, int before) {
    int linear = socket.settings().synLinearTimeouts();
    long sumMs = 0;
    long timeoutMs = FIRST_SYN_TIMEOUT_MS;
    for (int i = 0; i < before; i++) {
      timeoutMs = i > linear ? Math.min(2 * timeoutMs, socket.settings().rtoMaxMs()) : timeoutMs;
      sumMs += i < from ? 0 : timeoutMs;
    }
    return sumMs;
  }
}
