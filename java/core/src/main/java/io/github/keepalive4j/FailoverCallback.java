package io.github.keepalive4j;

/** What a backup does when its source is gone. */
@FunctionalInterface
public interface FailoverCallback {
  /**
   * Takes over. Called at most once for a {@link Watch}, on the monitor's executor; not begun after
   * {@link Watch#close()}, {@link KeepaliveSocket#close()} or {@link KeepaliveMonitor#close()} has
   * returned.
   *
   * <p>Under a {@linkplain KeepaliveMonitor.Builder#guard guard} whose claims can be lost, it tells
   * {@link Failover#onClaimLost} how to stop what it starts, before it starts it.
   *
   * @param failover what failed, with the kernel's evidence, and the claim
   * @throws Exception goes to the monitor's error handler and harms no other link. A claim stays
   *     held, because what was begun may still run: release it with {@link Claim#release()} once
   *     nothing does
   */
  void onFailover(Failover failover) throws Exception;
}
