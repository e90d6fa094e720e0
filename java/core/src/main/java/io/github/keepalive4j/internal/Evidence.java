package io.github.keepalive4j.internal;

import io.github.keepalive4j.TcpInfo;
import java.util.OptionalLong;

/** What the kernel knew of a connection when it was judged. */
public interface Evidence {
  /** Reads it if that has been put off. To be called before the connection is closed. */
  default void capture() {}

  /** Returns when the peer's kernel was last heard, or empty where that can't be had. */
  OptionalLong lastHeardNs();

  /** Returns the snapshot, or null where it can't be had. */
  TcpInfo tcpInfo();
}
