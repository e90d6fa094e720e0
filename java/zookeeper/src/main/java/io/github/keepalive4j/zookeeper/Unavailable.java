package io.github.keepalive4j.zookeeper;

/** What follows when the ensemble can't be asked. */
public enum Unavailable {
  /** The guard declines: nobody takes over without a claim. */
  DECLINE,
  /**
   * The guard grants without a claim and without a token: as if there were no guard, so that
   * several backups may take over at once.
   */
  GRANT
}
