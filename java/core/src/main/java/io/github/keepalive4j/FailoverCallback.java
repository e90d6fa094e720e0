package io.github.keepalive4j;

/** What a backup does when its source is gone. */
@FunctionalInterface
public interface FailoverCallback {
  /**
   * Takes over. Called at most once for a link; not begun after {@link KeepaliveSocket#close()} or
   * {@link KeepaliveMonitor#close()} has returned.
   *
   * @param failure what happened to the link, with the kernel's evidence
   * @throws Exception goes to the monitor's error handler and harms no other link
   */
  void onFailover(Failure failure) throws Exception;

  /**
   * Stops what was started: the claim that the guard gave was lost, and somebody else may act in
   * the source's place. Called at most once, after {@link #onFailover} has begun, at once: on the
   * thread that notices, also while {@link #onFailover} runs. The successor may be waiting for this
   * call to return.
   *
   * @param failure the failure, with the {@linkplain Failure#claim() claim}
   * @param reason how the claim was lost, for people to read
   * @throws Exception goes to the monitor's error handler
   */
  default void onClaimLost(Failure failure, String reason) throws Exception {}
}
