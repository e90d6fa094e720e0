package io.github.keepalive4j.zookeeper;

/** What a backup does about a holder whose ZooKeeper session still lives. */
public enum LiveHolder {
  /**
   * Ends its claim at once and gives it the {@linkplain ZooKeeperGuard.Builder#releaseTimeout
   * release timeout} to stop and say so. A holder that doesn't answer, being dead, paused or cut
   * off, is taken over then. Fast: a dead host's session outlives it by seconds.
   */
  REVOKE,
  /**
   * Waits until it has released its claim or its session has ended, and declines if the guard's
   * time runs out before. Slow when the host died: its session has to expire first.
   */
  AWAIT
}
