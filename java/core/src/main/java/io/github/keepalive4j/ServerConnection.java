package io.github.keepalive4j;

import io.github.keepalive4j.internal.Link;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A backup's connection to a server.
 *
 * @param link the server's end
 * @param backup where it came from
 * @param spoken whether it may be spoken to, for it has asked something
 */
record ServerConnection(Link link, InetSocketAddress backup, AtomicBoolean spoken) {
  private static final System.Logger LOGGER =
      System.getLogger(ServerConnection.class.getPackageName());
  private static final byte ANSWER = 'A';
  private static final byte FAREWELL = 'G';

  ServerConnection(Link link, InetSocketAddress backup) {
    this(link, backup, new AtomicBoolean());
  }

  void answer() {
    send(ANSWER);
  }

  /** Says that there is nothing to take over. */
  void sayFarewell() {
    send(FAREWELL);
  }

  private void send(byte octet) {
    try {
      link.send(octet);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "nothing reaches " + backup, e); // its failure follows
    }
  }
}
