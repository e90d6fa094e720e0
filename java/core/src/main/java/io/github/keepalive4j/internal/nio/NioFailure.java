package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.LinkEvent;
import java.io.IOException;

/** Reads a cause from the text of the JDK's exception, as exactly as possible. */
final class NioFailure {
  private NioFailure() {}

  static LinkEvent of(IOException exception) {
    Errno errno = Errno.fromMessage(exception.getMessage());
    return LinkEvent.withoutEvidence(
        LinkEvent.Type.FAILED, causeOf(errno), errno == null ? 0 : errno.number(), 0);
  }

  static LinkEvent endOfStream() {
    return LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, FailureCause.CLOSED, 0, 0);
  }

  private static FailureCause causeOf(Errno errno) {
    if (errno == null) {
      return FailureCause.UNREACHABLE;
    }
    return switch (errno) {
      case ETIMEDOUT -> FailureCause.TIMED_OUT;
      case ECONNRESET, EPIPE -> FailureCause.RESET;
      case ECONNABORTED, EPERM, ENOSYS -> FailureCause.ABORTED; // the last two: a sandbox
      default -> FailureCause.UNREACHABLE;
    };
  }
}
