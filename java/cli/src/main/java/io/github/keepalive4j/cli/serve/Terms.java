package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.metrics.Metrics;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.workload.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves, once the workload runs. Serves again when another one does, and where commands follow the
 * claim each time that it is won anew.
 */
final class Terms {
  /** Between two attempts: an ensemble that refuses isn't flooded with them. */
  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

  private final Output output;
  private final Guards guards;
  private final Metrics metrics;
  private final KeepaliveServer.Builder builder;
  private final Workload workload;
  private final Supplier<ClaimCommands> commands;
  private final RefusalReporter refusals;
  private ListenAddress address;
  private Source current; // guarded by this; null before the first
  private boolean ended; // guarded by this

  Terms(
      Output output,
      Guards guards,
      Metrics metrics,
      KeepaliveServer.Builder builder,
      Workload workload,
      ListenAddress address,
      Supplier<ClaimCommands> commands) {
    this.output = output;
    this.guards = guards;
    this.metrics = metrics;
    this.builder = builder;
    this.workload = workload;
    this.address = address;
    this.commands = commands;
    this.refusals = new RefusalReporter(output);
  }

  /**
   * Serves until it must not serve again.
   *
   * @param wait how long to wait for the first claim beyond the guards' own time
   * @param again whether to serve again after the loss of a claim. After the end of a workload that
   *     others start, this always serves again
   * @throws ClaimDeclinedException if it doesn't get the first claim
   */
  void run(Duration wait, boolean again) throws IOException, InterruptedException {
    Source.End end = serveOnce(wait);
    while (mayServeAfter(end, again)) {
      end = serveOnce(again ? Bounds.Wait.FOREVER : wait);
    }
  }

  private boolean mayServeAfter(Source.End end, boolean again) {
    return switch (end) {
      case CLAIM_LOST -> again;
      case COMMAND_FAILED -> false;
      case WORKLOAD_ENDED -> !workload.beginsLater();
    };
  }

  private Source.End serveOnce(Duration wait) throws IOException, InterruptedException {
    workload.awaitRunning(reason -> output.event(Event.waiting(address.toString(), reason)));
    try (Source source = open(wait)) {
      return source.awaitEnd();
    }
  }

  private Source open(Duration wait) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + wait.toNanos();
    String told = "";
    while (true) {
      long triedNs = System.nanoTime();
      try {
        return open();
      } catch (ClaimDeclinedException e) {
        long leftNs = deadlineNs - System.nanoTime();
        if (leftNs <= 0) {
          throw new ClaimDeclinedException(guards.describe(e), e);
        }
        String reason = Messages.of(e);
        if (!reason.equals(told)) {
          String detail = told.isEmpty() ? guards.describe(e) : reason;
          output.event(Event.waiting(address.toString(), detail));
          told = reason;
        }
        guards.awaitUnclaimed(Duration.ofNanos(leftNs));
        TimeUnit.NANOSECONDS.sleep(INTERVAL_NS - (System.nanoTime() - triedNs));
      }
    }
  }

  private Source open() throws IOException {
    Source source = next();
    source.open(address, guards, builder, workload, metrics::observe);
    address = address.withPort(source.address().getPort());
    return source;
  }

  private synchronized Source next() {
    current = new Source(output, refusals, commands.get(), ended);
    return current;
  }

  /** Stands down, and returns when nothing runs on the claim any more. */
  void standDown() throws InterruptedException {
    Source open;
    synchronized (this) {
      ended = true;
      open = current;
    }
    if (open != null) {
      open.standDown();
    }
  }
}
