package io.github.keepalive4j.zookeeper;

/** Somebody else has begun a reign. */
final class BeatenException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  BeatenException(Reign winner) {
    super(winner.describe());
  }
}
