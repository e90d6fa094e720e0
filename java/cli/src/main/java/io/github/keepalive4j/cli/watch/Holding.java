package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Output;
import java.util.concurrent.CompletableFuture;

/** One takeover: it is told, runs, and is stopped once its claim is lost. */
final class Holding {
  private final Output output;
  private final TakeoverActions actions;
  private final CompletableFuture<Void> claimLost = new CompletableFuture<>();
  private volatile boolean lost;
  private volatile boolean succeeded;

  Holding(Output output, TakeoverActions actions) {
    this.output = output;
    this.actions = actions;
  }

  void takeOver(Occasion occasion) throws InterruptedException {
    output.hideStatus();
    String source = occasion.peer();
    occasion.claim().ifPresent(claim -> output.event(GuardEvent.granted(source, claim)));
    output.eventLater(occasion.event());
    occasion.claim().ifPresent(claim -> claim.addLossListener(loss -> stop(source, claim, loss)));
    succeeded = actions.begin(occasion);
  }

  private void stop(String source, Claim claim, ClaimLoss loss) {
    lost = true;
    output.hideStatus();
    output.event(GuardEvent.claimLost(source, claim, loss.reason()));
    try {
      actions.stop();
    } finally {
      claimLost.complete(null);
    }
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

  /** Tells whether the takeover has failed by itself, not because its claim was lost. */
  boolean hasFailed() {
    return !succeeded && !lost;
  }

  /** Tells whether something may still run on a claim. */
  boolean mayRun() {
    return actions.mayRunOnClaim();
  }

  boolean hasBegun() {
    return actions.hasBegun();
  }

  /** Stops what runs on a claim, and then releases the claim. */
  void giveUp() {
    actions.giveUp();
  }
}
