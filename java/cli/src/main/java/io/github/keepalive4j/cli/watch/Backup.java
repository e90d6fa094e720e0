package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Watches a source, link after link. What was started on a claim is stopped when this is closed, if
 * it wasn't before.
 */
final class Backup implements Standby.Listener, AutoCloseable {
  private final HostAndPort source;
  private final Output output;
  private final Supplier<TakeoverActions> actions;
  private final boolean rearm;
  private final Runnable whenUp;
  private String lastTrouble = ""; // on the standby's thread only
  private final Map<KeepaliveSocket, FailoverHandler> handlers = new HashMap<>(); // guarded by this

  /**
   * Makes a backup.
   *
   * @param whenUp called after each link's event that it is up
   */
  Backup(
      HostAndPort source,
      Output output,
      Supplier<TakeoverActions> actions,
      boolean rearm,
      Runnable whenUp) {
    this.source = source;
    this.output = output;
    this.actions = actions;
    this.rearm = rearm;
    this.whenUp = whenUp;
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
      case TAKEN_OVER -> of(decidingLink(end)).holding().awaitStatus();
      case LEFT -> ExitStatus.OK;
      default -> ExitStatus.FAILOVER_FAILED;
    };
  }

  private static KeepaliveSocket decidingLink(Watch.End end) {
    return end.failures().get(0).link();
  }

  private void takeOver(Failover failover) throws InterruptedException {
    of(failover.failure().link()).holding().takeOver(Occasion.of(failover));
  }

  /**
   * Returns the handler of a link, whichever of its calls comes first. It is kept until nothing
   * more can come of it: a later link doesn't end what a takeover started on its claim.
   */
  private synchronized FailoverHandler of(KeepaliveSocket link) {
    return handlers.computeIfAbsent(
        link, fresh -> new FailoverHandler(fresh, output, actions.get()));
  }

  private synchronized void forget(KeepaliveSocket link) {
    handlers.remove(link);
  }

  private synchronized void forgetFinished() {
    handlers.values().removeIf(FailoverHandler::isFinished);
  }

  private synchronized List<FailoverHandler> handlers() {
    return List.copyOf(handlers.values());
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
    forgetFinished();
    of(event.link()).up();
    whenUp.run();
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
    forget(event.failure().link());
    of(event.link()).confirmed(event);
  }

  @Override
  public void onJournalLate(JournalDelay event) {
    output.event(GuardEvent.journalLate(event.link().peer(), event.line()));
  }

  @Override
  public void onEnded(Watch.End end) {
    if (!end.failures().isEmpty()) {
      KeepaliveSocket link = decidingLink(end);
      of(link).ended(end);
      if (end.failover().isEmpty()) {
        forget(link);
      }
    }
  }

  @Override
  public void close() {
    handlers().forEach(FailoverHandler::close);
  }
}
