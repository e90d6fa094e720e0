package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells what happens on one link, and runs the takeover if it ends in a failover. */
final class FailoverHandler implements AutoCloseable {
  private static final long SETTLE_MS = 1_000;

  private final KeepaliveSocket link;
  private final Output output;
  private final TakeoverActions actions;
  private final LinkStatus status = new LinkStatus();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final CompletableFuture<Void> claimLost = new CompletableFuture<>();
  private volatile boolean succeeded;

  FailoverHandler(KeepaliveSocket link, Output output, TakeoverActions actions) {
    this.link = link;
    this.output = output;
    this.actions = actions;
  }

  /** Tells whether the watch has ended and nothing runs on its claim any more. */
  boolean isFinished() {
    return end.isDone() && !actions.mayRunOnClaim();
  }

  /**
   * Returns the exit status after a takeover. One on a claim must keep running to hold it. It waits
   * for the claim's loss and until the failover's processes have stopped, because another backup
   * may then take over.
   */
  int awaitStatus() {
    if (!succeeded) {
      return ExitStatus.FAILOVER_FAILED;
    }
    if (!actions.isOnClaim()) {
      return ExitStatus.OK;
    }
    output.showStatus(() -> "taken over");
    claimLost.join();
    return ExitStatus.FAILOVER_FAILED;
  }

  /** Releases the claim once nothing runs on it and the journal says so. */
  @Override
  public void close() {
    actions.giveUp();
    if (actions.hasBegun()) {
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

  void takeOver(Failover failover) throws InterruptedException {
    output.hideStatus();
    InetSocketAddress source = failover.failure().peer();
    failover.claim().ifPresent(claim -> output.event(GuardEvent.granted(source, claim)));
    output.event(Event.failover(failover.failure()));
    failover.onClaimLost(loss -> stop(failover, loss));
    succeeded = actions.begin(failover);
  }

  private void stop(Failover failover, ClaimLoss loss) {
    output.hideStatus();
    InetSocketAddress source = failover.failure().peer();
    output.event(GuardEvent.claimLost(source, failover.claim().orElseThrow(), loss.reason()));
    try {
      actions.stop();
    } finally {
      claimLost.complete(null);
    }
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
