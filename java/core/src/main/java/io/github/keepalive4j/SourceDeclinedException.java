package io.github.keepalive4j;

import java.io.IOException;
import java.util.Objects;

/**
 * Thrown when the source accepts the connection and declines this backup: it stands down, or it
 * admits no more backups from here.
 *
 * <p>Only fast detection finds this out, by its handshake. Without probes the link connects, and
 * its observer gets {@link FailureCause#LEFT}.
 */
public final class SourceDeclinedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message what was attempted, with the source's address
   */
  public SourceDeclinedException(String message) {
    super(Objects.requireNonNull(message, "message"));
  }
}
