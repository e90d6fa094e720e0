package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Role;
import java.nio.ByteBuffer;

/** The bytes that a link knows, read as {@code protocol.c} reads them. */
final class Protocol {
  private Protocol() {}

  /**
   * Reads the bytes in order up to the first that ends the link; returns null if there is nothing
   * to do.
   */
  static LinkEvent read(Role role, ByteBuffer bytes) {
    boolean query = false;
    boolean asked = false; // to hold back, or the promise of it
    while (bytes.hasRemaining()) {
      byte octet = bytes.get();
      if (role == Role.BACKUP && octet == 'G') {
        return LinkEvent.withoutEvidence(LinkEvent.Type.LEFT, FailureCause.LEFT, 0, 0);
      }
      if (role == Role.BACKUP && octet == 'E') {
        return LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, FailureCause.WORKLOAD_ENDED, 0, 0);
      }
      if (role == Role.SOURCE && octet == 'Q') {
        query = true;
      } else if (octet == (role == Role.SOURCE ? 'Y' : 'H')) {
        asked = true;
      } else if (role != Role.SOURCE || octet != 'P') {
        return LinkEvent.withoutEvidence(
            LinkEvent.Type.VIOLATION, null, 0, Byte.toUnsignedInt(octet));
      }
    }
    if (asked) {
      LinkEvent.Type type = role == Role.SOURCE ? LinkEvent.Type.PROMISE : LinkEvent.Type.HOLD_BACK;
      return LinkEvent.withoutEvidence(type, null, 0, query ? 'Q' : 0);
    }
    return query ? LinkEvent.withoutEvidence(LinkEvent.Type.QUERY, null, 0, 0) : null;
  }
}
