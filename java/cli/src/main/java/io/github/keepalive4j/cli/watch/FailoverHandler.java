package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells what happens on one link, and runs the takeover if it ends in a failover. */
final class FailoverHandler implements AutoCloseable {
  private static final long SETTLE_MS = 1_000;

  private final KeepaliveSocket link;
  private final Output output;
  private final Holding holding;
  private final LinkStatus status = new LinkStatus();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  FailoverHandler(KeepaliveSocket link, Output output, TakeoverActions actions) {
    this.link = link;
    this.output = output;
    this.holding = new Holding(output, actions);
  }

  /** Tells whether the watch has ended and nothing runs on its claim any more. */
  boolean isFinished() {
    return end.isDone() && !holding.mayRun();
  }

  Holding holding() {
    return holding;
  }

  /** Releases the claim once nothing runs on it and the journal says so. */
  @Override
  public void close() {
    holding.giveUp();
    if (holding.hasBegun()) {
      end.copy().completeOnTimeout(null, SETTLE_MS, TimeUnit.MILLISECONDS).join();
    }
  }

  void up() {
    output.event(Event.up(link));
    output.showStatus(() -> status.of(link));
  }

  void suspect(int unansweredProbes) {
    status.suspect(true);
    output.event(Event.suspect(link.peer(), unansweredProbes));
  }

  void recovered() {
    status.suspect(false);
    output.event(Event.recovered(link.peer()));
  }

  void confirmed(LinkListener.Confirmation confirmation) {
    status.suspect(false);
    output.event(Event.confirmed(confirmation));
  }

  /** Called once everything that happened is in the journal. */
  void ended(Watch.End ended) {
    switch (ended.kind()) {
      case DECLINED -> {
        Failure failure = ended.failures().get(0);
        output.hideStatus();
        output.event(GuardEvent.declined(failure, ended.reason().orElseThrow()));
      }
      case LEFT -> {
        output.hideStatus();
        output.event(Event.closed(link.peer(), FailureCause.LEFT));
      }
      case ABORTED -> {
        output.hideStatus();
        output.event(Event.closed(link.peer(), FailureCause.ABORTED));
      }
      case VIOLATED -> {
        Failure failure = ended.failures().get(0);
        output.hideStatus();
        output.event(Event.violation(link.peer(), failure.octet().orElseThrow()));
      }
      default -> {
        // a takeover has told its own, or the command itself closes the watch: it is ending
      }
    }
    end.complete(null);
  }
}
