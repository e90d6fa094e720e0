package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.watch.FailoverHandler.End;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Watches a source, link after link. What was started on a claim is stopped when this is closed.
 */
final class Backup implements AutoCloseable {
  private final Connector connector;
  private final Output output;
  private final Supplier<TakeoverActions> actions;
  private final boolean rearm;
  private volatile FailoverHandler latest; // null before the first link

  Backup(Connector connector, Output output, Supplier<TakeoverActions> actions, boolean rearm) {
    this.connector = connector;
    this.output = output;
    this.actions = actions;
    this.rearm = rearm;
  }

  /** Returns the exit status. */
  int watch(KeepaliveMonitor monitor) throws IOException, InterruptedException {
    KeepaliveSocket link = connector.connect();
    while (true) {
      FailoverHandler armed = new FailoverHandler(output, actions.get());
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

  private int status(End end, FailoverHandler armed) {
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
    FailoverHandler last = latest;
    if (last != null) {
      last.close();
    }
  }
}
