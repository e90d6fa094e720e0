package io.github.keepalive4j;

/**
 * What a link's detection proves of the source.
 *
 * <p>More values may be added: a {@code switch} needs a {@code default}.
 */
public enum Liveness {
  /**
   * Its kernel is up and reachable. A source whose process is stopped or hung still counts as
   * alive.
   */
  HOST,
  /** Its process answers, too: one that doesn't is {@link FailureCause#HUNG}. */
  PROCESS
}
