package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Watches a link until it ends, and runs the takeover if it ends in a failover. */
final class FailoverHandler implements FailoverCallback, LinkListener, AutoCloseable {
  private static final long SETTLE_MS = 1_000;

  /** How a link ended. */
  enum End {
    TAKEN_OVER,
    FAILOVER_FAILED,
    DECLINED,
    SOURCE_LEFT,
    VIOLATED
  }

  private final Output output;
  private final TakeoverActions actions;
  private final LinkStatus status = new LinkStatus();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final CompletableFuture<Void> claimLost = new CompletableFuture<>();
  private volatile End outcome = End.FAILOVER_FAILED; // of a failure

  FailoverHandler(Output output, TakeoverActions actions) {
    this.output = output;
    this.actions = actions;
  }

  End awaitEnd() {
    return end.join();
  }

  /**
   * Waits until the failover's processes have stopped, because another backup may then take over.
   */
  void awaitClaimLost() {
    claimLost.join();
  }

  /** Returns whether this process must keep running to hold the failover's claim. */
  boolean isOnClaim() {
    return actions.isOnClaim();
  }

  /** Releases the claim, because there is a source again. */
  void release() {
    actions.release();
  }

  /** Releases the claim once nothing runs on it and the journal says so. */
  @Override
  public void close() {
    actions.giveUp();
    if (actions.hasBegun()) {
      end.copy().completeOnTimeout(outcome, SETTLE_MS, TimeUnit.MILLISECONDS).join();
    }
  }

  @Override
  public void onUp(LinkListener.LinkUpdate up) {
    output.event(Event.up(up.link()));
    output.showStatus(() -> status.of(up.link()));
  }

  @Override
  public void onSuspect(LinkListener.LinkUpdate suspicion) {
    status.suspect(true);
    output.event(Event.suspect(suspicion.link().peer(), suspicion.unansweredProbes()));
  }

  @Override
  public void onRecovered(LinkListener.LinkUpdate recovery) {
    status.suspect(false);
    output.event(Event.recovered(recovery.link().peer()));
  }

  @Override
  public void onFailover(Failover failover) throws InterruptedException {
    output.hideStatus();
    InetSocketAddress source = failover.failure().peer();
    failover.claim().ifPresent(claim -> output.event(GuardEvent.granted(source, claim)));
    output.event(Event.failover(failover.failure()));
    failover.onClaimLost(loss -> stop(failover, loss));
    if (actions.begin(failover)) {
      outcome = End.TAKEN_OVER;
    }
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
  @Override
  public void onEnded(Watch.End ended) {
    switch (ended.kind()) {
      case DECLINED -> decline(ended);
      case LEFT -> {
        output.hideStatus();
        output.event(Event.closed(ended.failures().get(0).peer(), FailureCause.LEFT));
        end.complete(End.SOURCE_LEFT);
      }
      case VIOLATED -> {
        Failure failure = ended.failures().get(0);
        output.hideStatus();
        output.event(Event.violation(failure.peer(), failure.octet().orElseThrow()));
        end.complete(End.VIOLATED);
      }
      case TAKEN_OVER, TAKEOVER_FAILED -> end.complete(outcome);
      default -> {
        // the command itself closes the watch: it is ending
      }
    }
  }

  private void decline(Watch.End declined) {
    Failure failure = declined.failures().get(0);
    output.hideStatus();
    output.event(GuardEvent.declined(failure, declined.reason().orElseThrow()));
    outcome = End.DECLINED;
    end.complete(outcome);
  }
}
