package io.github.keepalive4j.zookeeper;

/** Another holder has won the claim: the record is no longer the one that was to be replaced. */
final class AlreadyClaimedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ClaimRecord winner;

  AlreadyClaimedException(ClaimRecord winner) {
    super(winner.describe());
    this.winner = winner;
  }

  /** Returns the record that the winner wrote. */
  ClaimRecord winner() {
    return winner;
  }
}
