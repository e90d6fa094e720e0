package io.github.keepalive4j;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown by a {@link TakeoverGuard} to decline. The message is the reason. */
public final class ClaimDeclinedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Declines.
   *
   * @param reason why, for people to read
   */
  public ClaimDeclinedException(String reason) {
    super(Objects.requireNonNull(reason, "reason"));
  }

  /**
   * Declines because of another exception.
   *
   * @param reason why, for people to read
   * @param cause what was thrown, or null
   */
  public ClaimDeclinedException(String reason, @Nullable Throwable cause) {
    super(Objects.requireNonNull(reason, "reason"), cause);
  }
}
