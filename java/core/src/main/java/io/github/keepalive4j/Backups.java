package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The backups that are connected to a server. They come and go, and the listener hears of it, on
 * the {@link Acceptor}'s thread; all else is thread-safe.
 */
final class Backups {
  private final ServerListener listener;
  private final Admission admission;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final LongAdder violations = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private volatile boolean closed;

  Backups(ServerListener listener, Admission admission) {
    this.listener = listener;
    this.admission = admission;
  }

  int size() {
    return connections.size();
  }

  long violations() {
    return violations.sum();
  }

  long refusals() {
    return refusals.sum();
  }

  /** Those that have asked something. */
  Stream<ServerConnection> spoken() {
    return connections.stream().filter(ServerConnection::hasSpoken);
  }

  boolean contains(ServerConnection connection) {
    return connections.contains(connection);
  }

  /** Takes a connection in and has it answered, or refuses it. */
  void receive(ServerConnection connection, Responder responder) {
    Refusal refusal = admission.admit(connection.backup().getAddress());
    if (refusal != null) {
      refuse(connection, refusal);
      return;
    }
    connections.add(connection);
    if (closed) {
      drop(connection); // dropAll() may have looked before it was in the set
      return;
    }
    responder.add(connection);
    KeepaliveServer.tell(() -> listener.onConnected(connection.backup()));
  }

  /** It hears that there is nothing to take over: it must not take the refusal for a death. */
  private void refuse(ServerConnection connection, Refusal refusal) {
    refusals.increment();
    connection.sayFarewell();
    connection.link().close();
    KeepaliveServer.tell(() -> listener.onRefused(connection.backup(), refusal));
  }

  /** Lets a connection go after its final event. */
  void remove(ServerConnection connection, LinkEvent end) {
    boolean violation = end.type() == LinkEvent.Type.VIOLATION;
    if (violation) {
      violations.increment();
    }
    drop(connection);
    KeepaliveServer.tell(
        () -> {
          if (violation) {
            listener.onViolation(connection.backup(), end.octet());
          } else {
            listener.onDisconnected(connection.backup(), end.cause());
          }
        });
  }

  private void drop(ServerConnection connection) {
    if (connections.remove(connection)) {
      admission.leave(connection.backup().getAddress());
    }
    connection.link().close();
  }

  /** Closes all connections, and those that are yet to come. */
  void dropAll() {
    closed = true;
    connections.forEach(this::drop);
  }
}
