package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Watches a source, link after link. What was started on a claim is stopped when this is closed.
 */
final class Backup implements Standby.Listener, AutoCloseable {
  private final HostAndPort source;
  private final Output output;
  private final Supplier<TakeoverActions> actions;
  private final boolean rearm;
  private String lastTrouble = ""; // on the standby's thread only
  private FailoverHandler latest; // guarded by this; null before the first link

  Backup(HostAndPort source, Output output, Supplier<TakeoverActions> actions, boolean rearm) {
    this.source = source;
    this.output = output;
    this.actions = actions;
    this.rearm = rearm;
  }

  /**
   * Connects and watches until there is nothing more to watch. Returns the exit status.
   *
   * @throws IOException if the source could not be reached at the start
   */
  int watch(Standby.Builder standby, KeepaliveMonitor monitor)
      throws IOException, InterruptedException {
    output.showStatus(() -> "connecting  " + source);
    try (Standby armed =
        standby
            .monitor(monitor)
            .rearmIf(end -> rearm || isLinkTrouble(end))
            .listener(this)
            .onFailover(this::takeOver)
            .connect()) {
      return status(armed.ended().toCompletableFuture().join());
    }
  }

  /** Tells whether the link ended in a way that says nothing of the source. */
  private static boolean isLinkTrouble(Watch.End end) {
    return end.kind() == Watch.End.Kind.VIOLATED || end.kind() == Watch.End.Kind.ABORTED;
  }

  private int status(Watch.End end) {
    return switch (end.kind()) {
      case TAKEN_OVER -> latest().awaitStatus();
      case LEFT -> ExitStatus.OK;
      default -> ExitStatus.FAILOVER_FAILED;
    };
  }

  private void takeOver(Failover failover) throws InterruptedException {
    of(failover.failure().link()).takeOver(failover);
  }

  /** Returns the handler of a link, whichever of its calls comes first. */
  private synchronized FailoverHandler of(KeepaliveSocket link) {
    if (latest == null || latest.link() != link) {
      latest = new FailoverHandler(link, output, actions.get());
    }
    return latest;
  }

  private synchronized FailoverHandler latest() {
    return latest;
  }

  /** Repeated failures with the same reason are reported once. */
  @Override
  public void onStateChanged(Standby.StateChange change) {
    switch (change.state()) {
      case CONNECTING -> output.showStatus(() -> "connecting  " + source);
      case WAITING -> {
        output.showStatus(() -> "waiting     " + source);
        tellTrouble(change.cause().map(Messages::of).orElse(""));
      }
      default -> {
        // the link's own events tell it
      }
    }
  }

  private void tellTrouble(String trouble) {
    if (!trouble.isEmpty() && !trouble.equals(lastTrouble)) {
      output.event(Event.error(source.toString(), trouble));
    }
    lastTrouble = trouble;
  }

  @Override
  public void onUp(LinkUpdate event) {
    of(event.link()).up();
  }

  @Override
  public void onSuspect(LinkUpdate event) {
    of(event.link()).suspect(event.unansweredProbes());
  }

  @Override
  public void onRecovered(LinkUpdate event) {
    of(event.link()).recovered();
  }

  @Override
  public void onConfirmed(Confirmation event) {
    of(event.link()).confirmed(event);
  }

  @Override
  public void onJournalLate(JournalDelay event) {
    of(event.link()).journalLate(event.line());
  }

  @Override
  public void onEnded(Watch.End end) {
    end.failures().stream().findFirst().ifPresent(failure -> of(failure.link()).ended(end));
  }

  @Override
  public void close() {
    FailoverHandler last = latest();
    if (last != null) {
      last.close();
    }
  }
}
