package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.zookeeper.ClaimStatus;
import java.time.Duration;

/**
 * When a backup may take a claim that nobody holds. It must have seen the claim's holder before, or
 * wait for {@code --takeover-after}. The holders are told apart by their tokens. Not thread-safe.
 */
final class VacancyRule {
  /** Longer than any wait. */
  static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

  /** A source that waits for the claim, and the one that lost it, come first. */
  private static final Duration OTHERS_FIRST = Duration.ofMillis(500);

  /** Others may do better than a backup whose own takeover has failed. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private static final long NOBODY = 0;
  private static final long NONE = -1;

  private final boolean rearm;
  private final Duration takeoverAfter; // null for never
  private long seen = NOBODY;
  private long own = NONE;
  private long lost = NONE;
  private long failed = NONE;
  private long fenceFailed = NONE;
  private long stoodDown = NONE;

  VacancyRule(boolean rearm, Duration takeoverAfter) {
    this.rearm = rearm;
    this.takeoverAfter = takeoverAfter;
  }

  /** A winner that has not begun is none yet: if it fails, the holder before it is replaced. */
  void saw(ClaimStatus status) {
    if (status.isHeld() && status.hasBegun()) {
      seen = status.token().orElse(NOBODY);
    }
  }

  void linked() {
    fenceFailed = NONE;
    stoodDown = NONE;
  }

  void tookOver(long token) {
    seen = token;
    own = token;
  }

  /** An own claim that was released is contested no more: there is a source again. */
  void claimLost(long token) {
    lost = token;
  }

  /** The source was gone, after all. */
  void declined() {
    own = NONE;
  }

  void takeoverFailed() {
    failed = seen;
  }

  /** Nobody else's fence is asked for, but this one's isn't tried again. */
  void fenceFailed() {
    fenceFailed = seen;
  }

  void sourceStoodDown() {
    stoodDown = seen;
  }

  /** Tells whether the claim's holder is watched, so that there is no need of a source. */
  boolean knowsHolder() {
    return rearm && seen != NOBODY;
  }

  /** Returns how long the claim must be vacant, in all, before it is taken. */
  Duration patience(ClaimStatus status, boolean sourceIsUp) {
    boolean sourceIsThere = sourceIsUp && !status.sourceClaims();
    if (!status.isKnown() || status.isHeld() || fenceFailed == seen || sourceIsThere) {
      return NEVER;
    }
    Duration after = rearm && stoodDown != seen ? afterTheHolder() : NEVER;
    Duration afterAnybody = takeoverAfter == null || sourceIsUp ? NEVER : takeoverAfter;
    Duration patience = after.compareTo(afterAnybody) < 0 ? after : afterAnybody;
    return isAfterFailure() && patience.compareTo(AFTER_FAILURE) < 0 ? AFTER_FAILURE : patience;
  }

  private boolean isAfterFailure() {
    return own == seen && failed == seen;
  }

  private Duration afterTheHolder() {
    if (own != seen) {
      return seen == NOBODY ? NEVER : OTHERS_FIRST;
    }
    if (isAfterFailure()) {
      return AFTER_FAILURE;
    }
    return lost == seen ? Duration.ZERO : NEVER;
  }
}
