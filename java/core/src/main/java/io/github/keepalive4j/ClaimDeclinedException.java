package io.github.keepalive4j;

import java.io.IOException;

/** A {@link TakeoverGuard}'s refusal; the message is the reason. */
public final class ClaimDeclinedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Declines.
   *
   * @param reason why, for people to read
   */
  public ClaimDeclinedException(String reason) {
    super(reason);
  }

  /**
   * Declines because of another exception.
   *
   * @param reason why, for people to read
   * @param cause what was thrown
   */
  public ClaimDeclinedException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
