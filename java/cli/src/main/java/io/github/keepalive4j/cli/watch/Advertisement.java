package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * After one takeover, serves for the backups that were beaten, and tells them where. What goes
 * wrong is told and costs the takeover nothing: they watch the claim all the same. So it runs on a
 * thread of its own, which a name server or the ensemble may keep waiting.
 */
final class Advertisement implements AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(1);

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

  /** Has it listen, and write the address to the record. Returns at once. */
  void begin() {
    try {
      Thread thread = new Thread(this::serve, "advertise");
      thread.setDaemon(true); // a name may never be resolved
      thread.start();
    } catch (OutOfMemoryError e) { // no thread
      tellTrouble(e);
    }
  }

  private void serve() {
    try {
      if (listen(address.resolve())) {
        tellOthers();
      }
    } catch (InterruptedException e) {
      // nobody interrupts this thread
    } catch (Throwable e) { // also what the transport can't honour, and a lack of threads
      tellTrouble(e);
      close();
    }
  }

  private synchronized boolean listen(InetSocketAddress resolved) throws IOException {
    if (closed) {
      return false;
    }
    server = guards.onOwnClaim(builder).open(resolved);
    output.event(Event.listening(server.localAddress()));
    return true;
  }

  /** Writes the address, once the ensemble takes it. */
  private void tellOthers() throws InterruptedException {
    boolean told = false;
    while (!isClosed() && !guards.advertise(address.toString())) {
      if (!told && !isClosed()) {
        tellError("the ensemble didn't take the address to advertise, and is asked again");
        told = true;
      }
      Thread.sleep(RETRY.toMillis());
    }
  }

  private void tellTrouble(Throwable trouble) {
    tellError("the address to advertise: " + Messages.of(trouble));
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

  /** Tells those that watch this backup that what took over has ended, and closes. */
  void workloadEnded() {
    KeepaliveServer open = end();
    if (open != null) {
      open.workloadEnded();
      open.close();
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

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized KeepaliveServer end() {
    closed = true;
    return server;
  }
}
