package io.github.keepalive4j;

/**
 * The life of a watched link in more detail than a {@link FailoverCallback} gives.
 *
 * <p>For one link the calls come one after the other, in the order of the events, on the monitor's
 * executor; what they throw goes to the monitor's error handler.
 */
public interface LinkListener {
  /**
   * The link is armed: connected and watched.
   *
   * @param link the link
   */
  default void onUp(KeepaliveSocket link) {}

  /**
   * Probes have gone unanswered: the early warning before a failure by timeout.
   *
   * @param link the link
   * @param probes keepalive probes unanswered so far ({@code tcpi_probes})
   */
  default void onSuspect(KeepaliveSocket link, int probes) {}

  /**
   * A suspected source was heard again.
   *
   * @param link the link
   */
  default void onRecovered(KeepaliveSocket link) {}

  /**
   * The source said that it stands down. No failover follows; the link is closed after this call.
   *
   * @param link the link
   */
  default void onLeft(KeepaliveSocket link) {}

  /**
   * The peer sent a byte that the link doesn't know. No failover follows; the link is closed after
   * this call.
   *
   * @param link the link
   * @param octet the byte, 0 to 255
   */
  default void onViolation(KeepaliveSocket link, int octet) {}

  /**
   * The link failed, and the monitor's {@linkplain KeepaliveMonitor.Builder#guard guard} declined:
   * no failover follows. By default it is logged, as it is where there is no listener.
   *
   * @param failure what happened
   * @param reason why the guard declined, for people to read
   */
  default void onDeclined(Failure failure, String reason) {
    KeepaliveMonitor.logDecline(failure.link(), reason);
  }

  /**
   * The link failed. Called after the link's {@link FailoverCallback}, which comes first because it
   * is urgent, or after {@link #onDeclined}.
   *
   * @param failure what happened
   */
  default void onFailed(Failure failure) {}
}
