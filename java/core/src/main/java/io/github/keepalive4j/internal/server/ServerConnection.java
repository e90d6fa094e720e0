package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.internal.Link;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A backup's connection to a server. */
public final class ServerConnection {
  private static final byte ANSWER = 'A';
  private static final byte FAREWELL = 'G';

  private final Link link;
  private final InetSocketAddress backup;
  private volatile boolean asked;

  public ServerConnection(Link link, InetSocketAddress backup) {
    this.link = link;
    this.backup = backup;
  }

  /** Returns the server's end. */
  public Link link() {
    return link;
  }

  /** Returns where it came from. */
  public InetSocketAddress backup() {
    return backup;
  }

  /** Tells whether it has sent a query, and so understands a byte from the server. */
  public boolean hasAsked() {
    return asked;
  }

  public void recordQuery() {
    asked = true;
  }

  public void answer() {
    send(ANSWER);
  }

  /** Tells the backup not to take over. */
  public void sayFarewell() {
    send(FAREWELL);
  }

  private void send(byte octet) {
    try {
      link.send(octet);
    } catch (IOException e) {
      ServerLog.LOGGER.log(
          System.Logger.Level.DEBUG, "can't send to " + backup, e); // its failure follows
    }
  }
}
