package io.github.keepalive4j;

/**
 * How a {@link Claim} was lost.
 *
 * @param reason what happened, for people to read
 * @param validUntilNs when the claim ended, on {@link System#nanoTime()}'s clock: earlier than the
 *     news of it where the holder was paused or cut off
 */
public record ClaimLoss(String reason, long validUntilNs) {}
