package io.github.keepalive4j.zookeeper;

/** Somebody else has won a reign. */
final class AlreadyClaimedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ClaimRecord winner;

  /** Makes the exception. */
  AlreadyClaimedException(ClaimRecord winner) {
    super(winner.describe());
    this.winner = winner;
  }

  ClaimRecord winner() {
    return winner;
  }
}
