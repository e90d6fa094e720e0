package io.github.keepalive4j;

import io.github.keepalive4j.internal.sockets.Duplicate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel knows of a connection: {@code TCP_INFO} of tcp(7), {@code struct tcp_info} in
 * {@code include/uapi/linux/tcp.h}. Immutable.
 *
 * <p>Counters that the running kernel doesn't have are -1. More fields may be added.
 */
public final class TcpInfo {
  private static final State[] STATES = State.values();

  /** The struct of Linux 2.6: what follows came later. The kernel adds fields at the end only. */
  private static final int LEAST_LENGTH = 104;

  private final State state;
  private final int retransmits;
  private final int probes;
  private final int backoff;
  private final Duration rto;
  private final long sndMss;
  private final long unacked;
  private final long lost;
  private final long retrans;
  private final Duration sinceDataSent;
  private final Duration sinceDataReceived;
  private final Duration sinceAckReceived;
  private final long pmtu;
  private final Duration rtt;
  private final Duration rttVar;
  private final long sndCwnd;
  private final long totalRetrans;
  private final long bytesAcked;
  private final long bytesReceived;
  private final long segsOut;
  private final long segsIn;
  private final @Nullable Duration minRtt; // null where the kernel has none
  private final long notSentBytes;
  private final long sndWnd;

  private TcpInfo(ByteBuffer struct) {
    state = STATES[u8(struct, 0) - 1];
    retransmits = u8(struct, 2);
    probes = u8(struct, 3);
    backoff = u8(struct, 4);
    rto = microseconds(u32(struct, 8));
    sndMss = u32(struct, 16);
    unacked = u32(struct, 24);
    lost = u32(struct, 32);
    retrans = u32(struct, 36);
    sinceDataSent = Duration.ofMillis(u32(struct, 44));
    sinceDataReceived = Duration.ofMillis(u32(struct, 52));
    sinceAckReceived = Duration.ofMillis(u32(struct, 56));
    pmtu = u32(struct, 60);
    rtt = microseconds(u32(struct, 68));
    rttVar = microseconds(u32(struct, 72));
    sndCwnd = u32(struct, 80);
    totalRetrans = u32(struct, 100);
    bytesAcked = s64(struct, 120);
    bytesReceived = s64(struct, 128);
    segsOut = u32(struct, 136);
    segsIn = u32(struct, 140);
    long minRttUs = u32(struct, 148);
    minRtt = minRttUs < 0 ? null : microseconds(minRttUs);
    notSentBytes = u32(struct, 144);
    sndWnd = u32(struct, 228);
  }

  private static int u8(ByteBuffer struct, int at) {
    return Byte.toUnsignedInt(struct.get(at));
  }

  private static long u32(ByteBuffer struct, int at) {
    return at + Integer.BYTES > struct.limit() ? -1 : Integer.toUnsignedLong(struct.getInt(at));
  }

  private static long s64(ByteBuffer struct, int at) {
    return at + Long.BYTES > struct.limit() ? -1 : struct.getLong(at);
  }

  private static Duration microseconds(long count) {
    return Duration.ofNanos(1_000 * count);
  }

  /**
   * Reads a {@code struct tcp_info} that the kernel has filled.
   *
   * @param struct the bytes from the position to the limit, in the buffer's byte order; both stay
   *     as they are
   * @return what it says
   * @throws IllegalArgumentException if {@code struct} is shorter than the 104 bytes of Linux 2.6,
   *     or its first byte is no {@link State}
   */
  public static TcpInfo of(ByteBuffer struct) {
    if (Objects.requireNonNull(struct, "struct").remaining() < LEAST_LENGTH) {
      throw new IllegalArgumentException(
          "struct has " + struct.remaining() + " bytes, which is less than " + LEAST_LENGTH);
    }
    ByteBuffer bytes = struct.slice().order(struct.order());
    int state = u8(bytes, 0);
    if (state < 1 || state > STATES.length) {
      throw new IllegalArgumentException(
          "struct has state " + state + ", which is not from 1 to " + STATES.length);
    }
    return new TcpInfo(bytes);
  }

  /**
   * Reads what the kernel knows of a connected socket that anybody has made. The socket is found
   * and refused as by {@link KeepaliveOptions#applyTo(Socket)}. Nothing of it changes, not even an
   * error that its owner has yet to see.
   *
   * @param socket a connected socket of this process
   * @return what the kernel knows of it now
   * @throws IllegalArgumentException if it isn't a TCP socket
   * @throws IOException if it is closed, not connected, or its connection has died
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  public static TcpInfo of(Socket socket) throws IOException {
    try (Duplicate duplicate = Duplicate.find(socket)) {
      return duplicate.info();
    }
  }

  /**
   * Reads it of a channel: see {@link #of(Socket)}.
   *
   * @param channel a connected channel of this process
   * @return what the kernel knows of it now
   * @throws IllegalArgumentException if it isn't a TCP socket's
   * @throws IOException if it is closed, not connected, or its connection has died
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  public static TcpInfo of(SocketChannel channel) throws IOException {
    try (Duplicate duplicate = Duplicate.find(channel)) {
      return duplicate.info();
    }
  }

  /**
   * Reads it of a socket that is known by its addresses alone: see {@link #of(Socket)}.
   *
   * @param local the socket's own address
   * @param remote its peer's
   * @return what the kernel knows of it now
   * @throws IllegalArgumentException if an address is unresolved
   * @throws IOException if this process has no such connection, or two
   * @throws UnsupportedOperationException if the pure-JDK path is in use
   */
  public static TcpInfo of(InetSocketAddress local, InetSocketAddress remote) throws IOException {
    try (Duplicate duplicate = Duplicate.find(local, remote)) {
      return duplicate.info();
    }
  }

  /**
   * A connection's state, in the order of {@code include/net/tcp_states.h}, where the first is 1.
   *
   * <p>More values may be added: a {@code switch} needs a {@code default}.
   */
  public enum State {
    /** Open: data and probes pass. */
    ESTABLISHED,
    /** A SYN was sent. */
    SYN_SENT,
    /** A SYN was received. */
    SYN_RECV,
    /** Closed here, not yet acknowledged. */
    FIN_WAIT1,
    /** Closed here and acknowledged. */
    FIN_WAIT2,
    /** Over, waiting for stray segments. */
    TIME_WAIT,
    /** Not connected, or dead. */
    CLOSE,
    /** The peer closed. */
    CLOSE_WAIT,
    /** Both closed; the FIN sent from here is not yet acknowledged. */
    LAST_ACK,
    /** A listener. */
    LISTEN,
    /** Both closed at once. */
    CLOSING,
    /** A SYN was received and not yet put into the queue. */
    NEW_SYN_RECV
  }

  /** Returns the connection's state. */
  public State state() {
    return state;
  }

  /**
   * Returns how many retransmission timeouts in a row had no acknowledgement ({@code
   * tcpi_retransmits}).
   */
  public int retransmits() {
    return retransmits;
  }

  /** Returns how many keepalive probes are unanswered ({@code tcpi_probes}). */
  public int probes() {
    return probes;
  }

  /** Returns the exponent of the retransmission timer's back-off ({@code tcpi_backoff}). */
  public int backoff() {
    return backoff;
  }

  /** Returns the retransmission timeout, in steps of 1 µs. */
  public Duration rto() {
    return rto;
  }

  /** Returns the maximum segment size for sending, in bytes. */
  public long sndMss() {
    return sndMss;
  }

  /** Returns how many segments are sent and not acknowledged. */
  public long unacked() {
    return unacked;
  }

  /** Returns how many segments are taken for lost. */
  public long lost() {
    return lost;
  }

  /** Returns how many segments are retransmitted and not acknowledged. */
  public long retrans() {
    return retrans;
  }

  /** Returns the time since data was last sent ({@code tcpi_last_data_sent}), in steps of 1 ms. */
  public Duration sinceDataSent() {
    return sinceDataSent;
  }

  /**
   * Returns the time since data was last received ({@code tcpi_last_data_recv}), in steps of 1 ms.
   */
  public Duration sinceDataReceived() {
    return sinceDataReceived;
  }

  /**
   * Returns the time since an acknowledgement was last received ({@code tcpi_last_ack_recv}), in
   * steps of 1 ms.
   */
  public Duration sinceAckReceived() {
    return sinceAckReceived;
  }

  /**
   * Returns for how long the peer's kernel has not been heard, by data or by acknowledgement, in
   * steps of 1 ms.
   */
  public Duration silence() {
    return sinceDataReceived.compareTo(sinceAckReceived) < 0 ? sinceDataReceived : sinceAckReceived;
  }

  /** Returns the path's maximum transmission unit, in bytes. */
  public long pmtu() {
    return pmtu;
  }

  /** Returns the smoothed round-trip time, in steps of 1 µs. */
  public Duration rtt() {
    return rtt;
  }

  /** Returns the round-trip time's mean deviation, in steps of 1 µs. */
  public Duration rttVar() {
    return rttVar;
  }

  /**
   * Returns the smallest round-trip time seen, in steps of 1 µs, or empty where the kernel doesn't
   * tell.
   */
  public Optional<Duration> minRtt() {
    return Optional.ofNullable(minRtt);
  }

  /** Returns the congestion window, in segments. */
  public long sndCwnd() {
    return sndCwnd;
  }

  /** Returns how many segments were retransmitted in the connection's life. */
  public long totalRetrans() {
    return totalRetrans;
  }

  /** Returns how many bytes the peer has acknowledged, or -1 where the kernel doesn't tell. */
  public long bytesAcked() {
    return bytesAcked;
  }

  /** Returns how many bytes were received, or -1 where the kernel doesn't tell. */
  public long bytesReceived() {
    return bytesReceived;
  }

  /** Returns how many segments were sent, or -1 where the kernel doesn't tell. */
  public long segsOut() {
    return segsOut;
  }

  /** Returns how many segments were received, or -1 where the kernel doesn't tell. */
  public long segsIn() {
    return segsIn;
  }

  /**
   * Returns how many bytes were written and have not been sent yet ({@code tcpi_notsent_bytes}), or
   * -1 where the kernel doesn't tell (before Linux 4.6).
   */
  public long notSentBytes() {
    return notSentBytes;
  }

  /**
   * Returns the window that the peer last offered, in bytes ({@code tcpi_snd_wnd}), or -1 where the
   * kernel doesn't tell (before Linux 5.4). It is 0 if the peer has no room because its program
   * doesn't read.
   */
  public long sndWnd() {
    return sndWnd;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TcpInfo info && fields().equals(info.fields());
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  /** Returns all fields by name. */
  @Override
  public String toString() {
    String fields = fields().toString();
    return "TcpInfo[" + fields.substring(1, fields.length() - 1) + "]";
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("state", state);
    fields.put("retransmits", retransmits);
    fields.put("probes", probes);
    fields.put("backoff", backoff);
    fields.put("rto", rto);
    fields.put("sndMss", sndMss);
    fields.put("unacked", unacked);
    fields.put("lost", lost);
    fields.put("retrans", retrans);
    fields.put("sinceDataSent", sinceDataSent);
    fields.put("sinceDataReceived", sinceDataReceived);
    fields.put("sinceAckReceived", sinceAckReceived);
    fields.put("pmtu", pmtu);
    fields.put("rtt", rtt);
    fields.put("rttVar", rttVar);
    fields.put("sndCwnd", sndCwnd);
    fields.put("totalRetrans", totalRetrans);
    fields.put("bytesAcked", bytesAcked);
    fields.put("bytesReceived", bytesReceived);
    fields.put("segsOut", segsOut);
    fields.put("segsIn", segsIn);
    fields.put("minRtt", minRtt);
    fields.put("notSentBytes", notSentBytes);
    fields.put("sndWnd", sndWnd);
    return fields;
  }
}
