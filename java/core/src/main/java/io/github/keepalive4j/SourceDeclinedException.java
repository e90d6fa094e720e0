package io.github.keepalive4j;

import java.io.IOException;
import java.util.Objects;

/**
 * The source accepted the connection and declined this backup: it stands down, or it admits no more
 * backups from here.
 *
 * <p>A handshake finds this out, so it takes fast detection. Without probes the link connects, and
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
