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
}
