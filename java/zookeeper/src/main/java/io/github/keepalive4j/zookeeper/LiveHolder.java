package io.github.keepalive4j.zookeeper;

/** What a backup does about a holder whose ZooKeeper session is still alive. */
public enum LiveHolder {
  /**
   * Replaces the holder's claim at once. A holder that says in the guard's {@code
   * acknowledgeTimeout} that it stops has the {@code releaseTimeout} to stop and release its claim.
   * One that says nothing is dead, paused or cut off, and the backup takes over. This is fast: the
   * session of a dead host outlives the host by seconds.
   */
  REVOKE,
  /**
   * Waits until the holder has released its claim or its session has ended. Declines if the guard's
   * time runs out first. This is slow after the death of a host, whose session must expire first.
   */
  AWAIT
}
