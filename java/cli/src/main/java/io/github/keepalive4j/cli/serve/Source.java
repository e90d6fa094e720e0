package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** Reports who watches this machine. */
final class Source implements ServerListener {
  private final Output output;
  private final RefusalReporter refusals;
  private final CountDownLatch claimLost = new CountDownLatch(1);
  private KeepaliveServer server; // guarded by this
  private InetSocketAddress address; // guarded by this

  Source(Output output) {
    this.output = output;
    refusals = new RefusalReporter(output);
  }

  /**
   * Listens, once the guards grant it. The address is reported first, then what happens.
   *
   * @param taker takes over the server before its address is reported
   */
  synchronized void open(
      ListenAddress wanted,
      Guards guards,
      KeepaliveServer.Builder builder,
      Consumer<KeepaliveServer> taker)
      throws IOException {
    server = wanted.listen(guards.on(builder.listener(this)));
    address = server.localAddress();
    taker.accept(server);
    server.claim().ifPresent(claim -> output.event(GuardEvent.granted(address, claim)));
    output.event(Event.listening(address));
  }

  /** Waits until this machine must not serve any more. */
  void awaitClaimLost() throws InterruptedException {
    claimLost.await();
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

  @Override
  public synchronized void onClaimLost(ClaimLoss loss) {
    output.event(GuardEvent.claimLost(address, server.claim().orElseThrow(), loss.reason()));
    claimLost.countDown();
  }
}
