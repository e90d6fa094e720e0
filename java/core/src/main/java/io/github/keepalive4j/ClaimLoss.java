package io.github.keepalive4j;

import java.util.Objects;

/**
 * How a {@link Claim} was lost.
 *
 * @param reason what happened, for people to read
 * @param validUntilNs when the claim ended, on {@link System#nanoTime()}'s clock. A holder that was
 *     paused or cut off learns of it later
 */
public record ClaimLoss(String reason, long validUntilNs) {
  public ClaimLoss {
    Objects.requireNonNull(reason, "reason");
  }
}
