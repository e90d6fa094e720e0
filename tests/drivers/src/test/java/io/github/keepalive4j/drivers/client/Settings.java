package io.github.keepalive4j.drivers.client;

import io.github.keepalive4j.sockets.DeadPeerSocketFactory;
import java.util.Optional;
import javax.net.SocketFactory;

/** Where the servers are, and the rules of the socket factory, if there is to be one. */
record Settings(String address, Optional<String> rules) {
  /** Returns the factory for drivers that take one. */
  Optional<SocketFactory> factory() {
    return rules.map(DeadPeerSocketFactory::new);
  }
}
