package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.workload.Workload;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.internal.guard.HeldClaim;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Serves once: reports who watches this machine, and runs the commands that follow the claim. */
final class Source implements ServerListener, AutoCloseable {
  /** Why this machine must not serve any more. */
  enum End {
    CLAIM_LOST,
    COMMAND_FAILED,
    WORKLOAD_ENDED
  }

  private static final String RELEASED = "released: the source ends";

  private final Output output;
  private final RefusalReporter refusals;
  private final ClaimCommands commands;
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private volatile KeepaliveServer server; // null before it listens
  private volatile boolean over; // what ends from now on is no news
  private InetSocketAddress address; // guarded by this; null before it is reported
  private ClaimLoss early; // guarded by this; a loss before it listened, or null

  /**
   * Makes a source.
   *
   * @param over whether it must not serve at all, because the command ends
   */
  Source(Output output, RefusalReporter refusals, ClaimCommands commands, boolean over) {
    this.output = output;
    this.refusals = refusals;
    this.commands = commands;
    this.over = over;
  }

  /**
   * Listens, once the guards grant it. The address is reported first, then what happens.
   *
   * @param observer sees the server before its address is reported
   */
  synchronized void open(
      ListenAddress wanted,
      Guards guards,
      KeepaliveServer.Builder builder,
      Workload workload,
      Consumer<KeepaliveServer> observer)
      throws IOException {
    server = wanted.listen(guards.on(builder.listener(this)));
    if (early != null) {
      throw new ClaimDeclinedException("the claim was lost before it was used: " + early.reason());
    }
    if (over) {
      server.close();
      return;
    }
    address = server.localAddress();
    observer.accept(server);
    workload.follow(this::workloadEnded);
    server.claim().ifPresent(this::begin);
    output.event(Event.listening(address));
  }

  private void begin(Claim claim) {
    HeldClaim.beforeRelease(claim, () -> commands.stop(RELEASED));
    output.event(GuardEvent.granted(address, claim));
    commands.begin(AddressText.of(address), claim, this::commandFailed);
  }

  /** The backups hear it first. They wait for the claim, which is given up once all has stopped. */
  private void commandFailed(String reason) {
    server.workloadEnded();
    output.event(Event.error(AddressText.of(address()), reason));
    end.complete(End.COMMAND_FAILED);
  }

  private void workloadEnded(String reason) {
    if (over) {
      return; // it was stopped because this source ends
    }
    server.workloadEnded();
    output.event(Event.workloadEnded(address(), reason));
    end.complete(End.WORKLOAD_ENDED);
  }

  /** Returns where it listens. To be called after {@link #open}. */
  synchronized InetSocketAddress address() {
    return address;
  }

  /** Waits until this machine must not serve any more. What ran on the claim has ended by then. */
  End awaitEnd() {
    return end.join();
  }

  /** Says goodbye to the backups, and gives the claim up once nothing runs on it any more. */
  void standDown() throws InterruptedException {
    over = true;
    try {
      if (server != null) {
        server.standDown();
      }
    } finally {
      commands.stop(RELEASED); // another thread may be at it
    }
  }

  @Override
  public void close() {
    over = true;
    server.close();
    commands.stop(RELEASED);
  }

  @Override
  public synchronized void onConnected(ServerListener.BackupUpdate backup) {
    output.event(Event.connected(backup.peer()));
  }

  @Override
  public synchronized void onDisconnected(ServerListener.BackupUpdate backup) {
    OptionalInt octet = backup.octet();
    output.event(
        octet.isPresent()
            ? Event.violation(backup.peer(), octet.getAsInt())
            : Event.closed(backup.peer(), backup.cause().orElseThrow()));
  }

  @Override
  public synchronized void onRefused(ServerListener.BackupUpdate connection) {
    refusals.refused(connection.peer(), connection.refusalReason().orElseThrow());
  }

  /** The claim is given up once this has returned. */
  @Override
  public void onClaimLost(ClaimLoss loss) {
    synchronized (this) {
      if (address == null) {
        early = loss;
        return;
      }
      over = true;
      output.event(GuardEvent.claimLost(address, server.claim().orElseThrow(), loss.reason()));
    }
    try {
      commands.stop(loss.reason());
    } finally {
      end.complete(End.CLAIM_LOST);
    }
  }
}
