package io.github.keepalive4j;

/**
 * What the kernel knows of a connection: {@code TCP_INFO} of tcp(7), {@code struct tcp_info} in
 * {@code include/uapi/linux/tcp.h}. A field that the running kernel doesn't have is -1.
 *
 * @param state the connection's state
 * @param retransmits retransmission timeouts in a row without an acknowledgement ({@code
 *     tcpi_retransmits})
 * @param probes unanswered keepalive probes ({@code tcpi_probes})
 * @param backoff the exponent of the retransmission timer's back-off ({@code tcpi_backoff})
 * @param rtoUs the retransmission timeout, in µs
 * @param sndMss the maximum segment size for sending, in bytes
 * @param unacked segments sent and not acknowledged
 * @param lost segments taken for lost
 * @param retrans segments retransmitted and not acknowledged
 * @param lastDataSentMs time since data was last sent, in ms
 * @param lastDataRecvMs time since data was last received, in ms
 * @param lastAckRecvMs time since an acknowledgement was last received, in ms
 * @param pmtu the path's maximum transmission unit, in bytes
 * @param rttUs the smoothed round-trip time, in µs
 * @param rttVarUs the round-trip time's mean deviation, in µs
 * @param sndCwnd the congestion window, in segments
 * @param totalRetrans segments retransmitted in the connection's life
 * @param bytesAcked bytes acknowledged by the peer
 * @param bytesReceived bytes received
 * @param segsOut segments sent
 * @param segsIn segments received
 * @param minRttUs the smallest round-trip time seen, in µs
 */
public record TcpInfo(
    State state,
    int retransmits,
    int probes,
    int backoff,
    long rtoUs,
    long sndMss,
    long unacked,
    long lost,
    long retrans,
    long lastDataSentMs,
    long lastDataRecvMs,
    long lastAckRecvMs,
    long pmtu,
    long rttUs,
    long rttVarUs,
    long sndCwnd,
    long totalRetrans,
    long bytesAcked,
    long bytesReceived,
    long segsOut,
    long segsIn,
    long minRttUs) {

  /**
   * A connection's state, in the order of {@code include/net/tcp_states.h}, where the first is 1.
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

  /**
   * Returns how long ago the peer's kernel was last heard, by data or by acknowledgement.
   *
   * @return the silence, in ms
   */
  public long silenceMs() {
    return Math.min(lastDataRecvMs, lastAckRecvMs);
  }
}
