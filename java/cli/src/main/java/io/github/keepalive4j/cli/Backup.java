package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.cli.ArmedLink.End;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Watches a source, link after link. What was started on a claim is stopped when this is closed.
 */
final class Backup implements AutoCloseable {
  private final Connector connector;
  private final Output output;
  private final Supplier<Succession> successions;
  private final boolean rearm;
  private volatile ArmedLink latest; // null before the first link

  Backup(Connector connector, Output output, Supplier<Succession> successions, boolean rearm) {
    this.connector = connector;
    this.output = output;
    this.successions = successions;
    this.rearm = rearm;
  }

  /** Returns the exit status. */
  int watch(KeepaliveMonitor monitor) throws IOException, InterruptedException {
    KeepaliveSocket link = connector.connect();
    while (true) {
      ArmedLink armed = new ArmedLink(output, successions.get());
      latest = armed;
      monitor.watch(link, armed, armed);
      End end = armed.awaitEnd();
      if (end != End.VIOLATED && !rearm) {
        return status(end, armed);
      }
      link = connector.reconnect();
      armed.release();
    }
  }

  private int status(End end, ArmedLink armed) {
    if (end == End.TAKEN_OVER && armed.isOnClaim()) {
      output.showStatus(() -> "taken over");
      armed.awaitClaimLost();
      return ExitStatus.FAILOVER_FAILED;
    }
    return end == End.TAKEN_OVER || end == End.SOURCE_LEFT
        ? ExitStatus.OK
        : ExitStatus.FAILOVER_FAILED;
  }

  @Override
  public void close() {
    ArmedLink last = latest;
    if (last != null) {
      last.close();
    }
  }
}
