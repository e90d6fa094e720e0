package io.github.keepalive4j;

import io.github.keepalive4j.internal.Link;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A backup's connection to a server. */
final class ServerConnection {
  private static final System.Logger LOGGER =
      System.getLogger(ServerConnection.class.getPackageName());
  private static final byte ANSWER = 'A';
  private static final byte FAREWELL = 'G';

  private final Link link;
  private final InetSocketAddress backup;
  private volatile boolean spoken;

  ServerConnection(Link link, InetSocketAddress backup) {
    this.link = link;
    this.backup = backup;
  }

  /** Returns the server's end. */
  Link link() {
    return link;
  }

  /** Returns where it came from. */
  InetSocketAddress backup() {
    return backup;
  }

  /** Tells whether it may be spoken to, for it has asked something. */
  boolean hasSpoken() {
    return spoken;
  }

  void noteQuery() {
    spoken = true;
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
