package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.io.IOException;

/**
 * After one takeover, serves for the backups that were beaten, and tells them where. What goes
 * wrong is told and costs the takeover nothing: they watch the claim all the same.
 */
final class Advertisement implements AutoCloseable {
  private final HostAndPort address;
  private final KeepaliveServer.Builder builder;
  private final Guards guards;
  private final Output output;
  private KeepaliveServer server; // guarded by this; null before it listens
  private boolean closed; // guarded by this

  Advertisement(
      HostAndPort address, KeepaliveServer.Builder builder, Guards guards, Output output) {
    this.address = address;
    this.builder = builder;
    this.guards = guards;
    this.output = output;
  }

  /** Listens, and writes the address to the record. */
  void begin() {
    try {
      if (listen() && !guards.advertise(address.toString())) {
        tellError("the ensemble didn't take the address to advertise");
        close();
      }
    } catch (IOException | RuntimeException e) { // also what the transport can't honour
      tellError("the address to advertise: " + Messages.of(e));
      close();
    }
  }

  private synchronized boolean listen() throws IOException {
    if (closed) {
      return false;
    }
    server = builder.open(address.resolve());
    output.event(Event.listening(server.localAddress()));
    return true;
  }

  private void tellError(String message) {
    output.event(Event.error(address.toString(), message));
  }

  /** Says goodbye to those that watch this backup, and closes. */
  void standDown() {
    KeepaliveServer open = end();
    try {
      if (open != null) {
        boolean unused = open.standDown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** To those that watch this backup it is gone. */
  @Override
  public void close() {
    KeepaliveServer open = end();
    if (open != null) {
      open.close();
    }
  }

  private synchronized KeepaliveServer end() {
    closed = true;
    return server;
  }
}
