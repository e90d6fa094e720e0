package io.github.keepalive4j.internal;

import io.github.keepalive4j.TcpInfo;
import java.util.OptionalLong;

/** What the kernel knew about a connection when it was judged. */
public interface Evidence {
  /** Reads deferred evidence. Call this before the connection is closed. */
  default void capture() {}

  /** Returns when the peer's kernel was last heard, in ns, or empty if unknown. */
  OptionalLong lastHeardNs();

  /** Returns the snapshot, or null if there is none. */
  TcpInfo tcpInfo();
}
