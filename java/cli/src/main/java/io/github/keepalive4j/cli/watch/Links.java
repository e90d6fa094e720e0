package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failover;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Tells what happens on the links to a source, and runs the takeover that follows from one. */
final class Links implements Standby.Listener {
  private final Target target;
  private final Output output;
  private final Supplier<TakeoverActions> actions;
  private final Succession succession;
  private final Runnable whenUp;
  private String lastTrouble = ""; // on the standby's thread only
  private final Map<KeepaliveSocket, FailoverHandler> handlers = new HashMap<>(); // guarded by this

  Links(
      Target target,
      Output output,
      Supplier<TakeoverActions> actions,
      Succession succession,
      Runnable whenUp) {
    this.target = target;
    this.output = output;
    this.actions = actions;
    this.succession = succession;
    this.whenUp = whenUp;
  }

  /** Returns the takeover that ended a watch. */
  Holding holdingOf(Watch.End end) {
    return of(decidingLink(end)).holding();
  }

  void takeOver(Failover failover) throws InterruptedException {
    Holding holding = of(failover.failure().link()).holding();
    failover.claim().ifPresent(claim -> succession.tookOver(claim));
    try {
      holding.takeOver(Occasion.of(failover));
    } finally { // also where no thread can be started
      if (holding.hasFailed() && failover.claim().isPresent()) {
        succession.takeoverFailed();
      }
    }
  }

  /** Tells whether something may still run on a claim. */
  boolean mayRun() {
    return handlers().stream().anyMatch(handler -> handler.holding().mayRun());
  }

  private static KeepaliveSocket decidingLink(Watch.End end) {
    return end.failures().get(0).link();
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
      case CONNECTING -> {
        target.choose(succession.winner()); // the guard is armed after this call
        output.showStatus(() -> "connecting  " + target);
      }
      case WAITING -> {
        output.showStatus(() -> "waiting     " + target);
        tellTrouble(change.cause().map(Messages::of).orElse(""));
        succession.tried();
      }
      default -> {
        // the link's own events tell it
      }
    }
  }

  private void tellTrouble(String trouble) {
    if (!trouble.isEmpty() && !trouble.equals(lastTrouble)) {
      output.event(Event.error(target.toString(), trouble));
    }
    lastTrouble = trouble;
  }

  @Override
  public void onUp(LinkUpdate event) {
    forgetFinished();
    of(event.link()).up();
    whenUp.run();
    succession.linked();
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
    succession.linkEnded(end, target.isSource());
    if (!end.failures().isEmpty()) {
      KeepaliveSocket link = decidingLink(end);
      of(link).ended(end);
      if (end.failover().isEmpty()) {
        forget(link);
      }
    }
  }

  /** Stops what runs on the claims of these links, and releases them. */
  void close() {
    handlers().forEach(FailoverHandler::close);
  }
}
