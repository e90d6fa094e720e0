package io.github.keepalive4j;

/**
 * Why a link failed, judged by the evidence of the backup's own kernel.
 *
 * <p>More values may be added: a {@code switch} needs a {@code default}.
 *
 * <p>On the pure-JDK path the cause is read from the text of the exception that a read throws: the
 * JDK gives no errno. An unknown text counts as {@link #UNREACHABLE}.
 */
public enum FailureCause {
  /**
   * ETIMEDOUT, or a probe's deadline passed: the source's kernel no longer acknowledged. ENOBUFS if
   * this host's own queue drops the keepalive probes, which the kernel then doesn't count. Under
   * the library's own probes a full queue looks the same as a lost carrier, and there is no errno.
   */
  TIMED_OUT,
  /**
   * EHOSTUNREACH, ENETUNREACH and the like: the network reported no route to the source. The kernel
   * ignores such a report about a keepalive probe, whose sequence number is an old one. So a link
   * on which nothing else is sent times out instead.
   */
  UNREACHABLE,
  /** ECONNRESET or EPIPE: the source's kernel, or somebody in its name, refused the connection. */
  RESET,
  /** A FIN: the source's process closed the connection, or ended. */
  CLOSED,
  /**
   * The source's kernel acknowledges, its process doesn't answer: only under {@link
   * Liveness#PROCESS}.
   */
  HUNG,
  /**
   * The link's network interface lost its carrier, was taken down or is gone: only with {@link
   * KeepaliveOptions.Builder#failWithoutCarrier}. A pulled cable looks the same as a source without
   * power.
   */
  NO_CARRIER,
  /**
   * The source said that its workload has ended: {@link KeepaliveServer#workloadEnded()}. Only a
   * link with probes can hear it. Any other sees {@link #CLOSED}.
   */
  WORKLOAD_ENDED,
  /** The source said that it stands down. No failover follows, unless the monitor is set to. */
  LEFT,
  /** The peer sent a byte that the link doesn't know. No failover follows. */
  VIOLATED,
  /**
   * ECONNABORTED: the connection was ended on this host, as by {@code ss -K}; or EBADF and the
   * like: this host could no longer watch it. It says nothing of the source, so no failover
   * follows, unless the monitor is set to.
   */
  ABORTED
}
