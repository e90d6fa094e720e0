package io.github.keepalive4j.zookeeper;

/** Somebody else has won a reign. */
final class BeatenException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Reign winner;

  /** Makes the exception. */
  BeatenException(Reign winner) {
    super(winner.describe());
    this.winner = winner;
  }

  Reign winner() {
    return winner;
  }
}
