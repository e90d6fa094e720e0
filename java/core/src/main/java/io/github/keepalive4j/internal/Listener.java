package io.github.keepalive4j.internal;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening socket on one of the two transports. */
public interface Listener {
  /** Accepts one connection, which has the listener's options; returns null when none waits. */
  Accepted accept() throws IOException;

  /**
   * Lets no further connection begin, while handshakes under way are completed and can be accepted.
   * Returns false where the transport can't.
   */
  boolean refuseNew();

  InetSocketAddress localAddress() throws IOException;

  void close();

  /** A connection with the address it came from. */
  record Accepted(Link link, InetSocketAddress peer) {}
}
