package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening socket on one of the two transports. */
public interface Listener {
  /** Accepts one connection and sets the options on it; returns null when none waits. */
  Accepted accept(KeepaliveOptions options) throws IOException;

  InetSocketAddress localAddress() throws IOException;

  void close();

  /** A connection with the address it came from. */
  record Accepted(Link link, InetSocketAddress peer) {}
}
