package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;

/** How a guard answers while the ensemble is unavailable. */
public enum Unavailable {
  /** The guard declines: nobody takes over without a claim. */
  DECLINE,
  /**
   * The guard grants without a claim and without a token, as if there were no guard. Several
   * backups may then take over at once.
   */
  GRANT;

  Claim answer(EnsembleUnavailableException error) throws ClaimDeclinedException {
    String reason = "the ensemble is unavailable: " + error.getMessage();
    if (this == DECLINE) {
      throw new ClaimDeclinedException(reason, error);
    }
    return Claim.lasting("granted without a claim, as configured: " + reason);
  }
}
