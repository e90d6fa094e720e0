package io.github.keepalive4j.cli;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/** Tells who watches this machine. */
final class Source implements ServerListener {
  private final Output output;

  Source(Output output) {
    this.output = output;
  }

  /** Listens. What backups do is told after the address. */
  synchronized KeepaliveServer open(ListenAddress address, BooleanSupplier health)
      throws IOException {
    KeepaliveServer server =
        address.listen(KeepaliveServer.builder().listener(this).health(health));
    output.event(Event.listening(server.localAddress()));
    return server;
  }

  @Override
  public synchronized void onConnected(InetSocketAddress backup) {
    output.event(Event.connected(backup));
  }

  @Override
  public synchronized void onDisconnected(InetSocketAddress backup, FailureCause cause) {
    output.event(Event.closed(backup, cause));
  }

  @Override
  public synchronized void onViolation(InetSocketAddress backup, int octet) {
    output.event(Event.violation(backup, octet));
  }
}
