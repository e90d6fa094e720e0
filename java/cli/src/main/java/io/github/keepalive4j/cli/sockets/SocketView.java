package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel tells of a TCP socket.
 *
 * @param fd its descriptor's number in its process, the lowest if it has several
 * @param info its state and counters
 * @param options those in effect
 * @param local the own address
 * @param remote the peer's address, empty for a socket without a peer
 * @param queuedBytes how much the peer hasn't acknowledged, sent or not
 * @param settings of the network namespace that it belongs to
 * @param at the time of day when it was read, from which {@code info} counts back
 * @param monotonicNs the same instant on {@link System#nanoTime()}'s clock
 */
record SocketView(
    int fd,
    TcpInfo info,
    SocketOptions options,
    InetSocketAddress local,
    Optional<InetSocketAddress> remote,
    long queuedBytes,
    NetworkSettings settings,
    Instant at,
    long monotonicNs) {

  private static final Set<State> WITHOUT_A_PEER = EnumSet.of(State.LISTEN, State.CLOSE);

  static boolean hasPeer(TcpInfo info) {
    return !WITHOUT_A_PEER.contains(info.state());
  }

  boolean hasPeer() {
    return hasPeer(info);
  }

  /** Tells whether something is sent and not acknowledged, be it a SYN or a FIN. */
  boolean isInFlight() {
    return hasPeer() && info.unacked() > 0;
  }

  /** Tells whether data waits because the peer doesn't read. */
  boolean isHeldByThePeer() {
    return hasPeer() && info.unacked() == 0 && queuedBytes > 0 && info.sndWnd() == 0;
  }

  /** Tells whether the peer owes an answer by now. */
  boolean isUnanswered() {
    return hasPeer() && (info.retransmits() > 0 || info.probes() > 0);
  }

  /** Tells whether the kernel knows when it was heard or sent to: not before it is connected. */
  boolean hasTimes() {
    return info.state() != State.SYN_SENT && info.state() != State.SYN_RECV;
  }

  /**
   * Returns for how long what is in flight has been unacknowledged, as far as the kernel tells: for
   * a SYN or a FIN at least.
   */
  Duration inFlightFor() {
    if (!hasTimes()) {
      return HangTime.sinceFirstSyn(this);
    }
    Duration sent = HangTime.sinceFirstSent(this);
    Duration acknowledged = info.sinceAckReceived();
    return sent.compareTo(acknowledged) < 0 ? sent : acknowledged;
  }
}
