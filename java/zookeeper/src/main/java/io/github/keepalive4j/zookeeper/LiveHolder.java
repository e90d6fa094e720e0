package io.github.keepalive4j.zookeeper;

/** What a backup does about a holder whose ZooKeeper session is still alive. */
public enum LiveHolder {
  /**
   * Replaces the holder's claim at once, then gives the holder the guard's {@code releaseTimeout}
   * to stop and release its claim. After that the backup takes over, also from a holder that gave
   * no answer because it is dead, paused or cut off. This is fast: the session of a dead host
   * outlives the host by seconds.
   */
  REVOKE,
  /**
   * Waits until the holder has released its claim or its session has ended. Declines if the guard's
   * time runs out first. This is slow after the death of a host, whose session must expire first.
   */
  AWAIT
}
