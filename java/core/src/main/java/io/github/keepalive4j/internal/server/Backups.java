package io.github.keepalive4j.internal.server;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.RefusalReason;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.ServerListener.BackupUpdate;
import io.github.keepalive4j.internal.LinkEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The backups that are connected to a server. They are added and removed, and the listener is
 * called, on the {@link Acceptor}'s thread. All else is thread-safe.
 */
public final class Backups implements AbstractClaim.Backups {
  private static final int FAREWELL_POLL_MS = 2;

  private final ServerListener listener;
  private final Admission admission;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();
  private final LongAdder violations = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private volatile boolean leaving;
  private volatile boolean lost; // one was connected that may not have heard the goodbye
  private volatile boolean closed;

  public Backups(ServerListener listener, Admission admission) {
    this.listener = listener;
    this.admission = admission;
  }

  public int size() {
    return connections.size();
  }

  @Override
  public Set<InetSocketAddress> connected() {
    return connections.stream().map(ServerConnection::backup).collect(toUnmodifiableSet());
  }

  @Override
  public CompletableFuture<Long> askToHoldBack(InetSocketAddress backup) {
    return connections.stream()
        .filter(connection -> connection.backup().equals(backup))
        .findFirst()
        .map(ServerConnection::askToHoldBack)
        .orElseGet(CompletableFuture::new);
  }

  public long violations() {
    return violations.sum();
  }

  public long refusals() {
    return refusals.sum();
  }

  /**
   * Says goodbye to those that have sent a query, or send one later, and waits until they have
   * closed or the time is over. Refuses all that come from now on. Returns whether every one heard
   * it; after {@link #dropAll} whether nobody was left then.
   */
  public boolean standDown(Duration timeout) throws InterruptedException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    leaving = true;
    connections.forEach(ServerConnection::standDown);
    while (connections.stream().anyMatch(ServerConnection::hasAsked)) {
      if (System.nanoTime() - deadlineNs >= 0) {
        return false;
      }
      Thread.sleep(FAREWELL_POLL_MS);
    }
    return connections.isEmpty() && !lost;
  }

  /** Tells those that know the word that the workload has ended. */
  public void sayEnded() {
    connections.forEach(ServerConnection::sayEnded);
  }

  public boolean areToldToLeave() {
    return leaving;
  }

  /** Adds a connection and has its queries answered, or refuses it. */
  public void receive(ServerConnection connection, Responder responder) {
    RefusalReason refusal =
        leaving ? RefusalReason.STANDING_DOWN : admission.admit(connection.backup().getAddress());
    if (refusal != null) {
      refuse(connection, refusal);
      return;
    }
    connections.add(connection);
    if (closed) {
      abandon(connection); // dropAll() may have looked before it was in the set
      return;
    }
    if (leaving) {
      connection.standDown(); // likewise standDown()
    }
    responder.add(connection);
    ServerLog.tell(() -> listener.onConnected(BackupUpdate.connected(connection.backup())));
  }

  /** Says goodbye first: the peer must not take the refusal for the source's death. */
  private void refuse(ServerConnection connection, RefusalReason refusal) {
    refusals.increment();
    connection.sayFarewell();
    connection.link().close();
    ServerLog.tell(() -> listener.onRefused(BackupUpdate.refused(connection.backup(), refusal)));
  }

  /** Removes a connection after its final event. */
  public void remove(ServerConnection connection, LinkEvent end) {
    boolean violation = end.type() == LinkEvent.Type.VIOLATION;
    if (violation) {
      violations.increment();
    }
    if (leaving && !hasClosed(end)) {
      lost = true;
    }
    drop(connection);
    BackupUpdate event =
        violation
            ? BackupUpdate.violated(connection.backup(), end.octet())
            : BackupUpdate.disconnected(connection.backup(), end.cause());
    ServerLog.tell(() -> listener.onDisconnected(event));
  }

  /** A backup that hears the goodbye closes its end: a reset if an answer comes after that. */
  private static boolean hasClosed(LinkEvent end) {
    return end.cause() == FailureCause.CLOSED || end.cause() == FailureCause.RESET;
  }

  private void abandon(ServerConnection connection) {
    lost = true; // first: standDown() must not find it gone and think that it has heard
    drop(connection);
  }

  private void drop(ServerConnection connection) {
    if (connections.remove(connection)) {
      admission.leave(connection.backup().getAddress());
    }
    connection.link().close();
  }

  /** Closes all connections, and those that are yet to come. */
  public void dropAll() {
    closed = true;
    connections.forEach(this::abandon);
  }
}
