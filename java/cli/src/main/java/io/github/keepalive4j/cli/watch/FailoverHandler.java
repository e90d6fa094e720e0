package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
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
  private final TakeoverActions succession;
  private final LinkStatus status = new LinkStatus();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final CompletableFuture<Void> claimLost = new CompletableFuture<>();
  private volatile End outcome = End.FAILOVER_FAILED; // of a failure

  FailoverHandler(Output output, TakeoverActions succession) {
    this.output = output;
    this.succession = succession;
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
    return succession.isOnClaim();
  }

  /** Releases the claim, because there is a source again. */
  void release() {
    succession.release();
  }

  /** Releases the claim once nothing runs on it and the journal says so. */
  @Override
  public void close() {
    succession.giveUp();
    if (succession.hasBegun()) {
      end.copy().completeOnTimeout(outcome, SETTLE_MS, TimeUnit.MILLISECONDS).join();
    }
  }

  @Override
  public void onUp(KeepaliveSocket link) {
    output.event(Event.up(link));
    output.showStatus(() -> status.of(link));
  }

  @Override
  public void onSuspect(KeepaliveSocket link, int probes) {
    status.suspect(true);
    output.event(Event.suspect(link.peer(), probes));
  }

  @Override
  public void onRecovered(KeepaliveSocket link) {
    status.suspect(false);
    output.event(Event.recovered(link.peer()));
  }

  @Override
  public void onLeft(KeepaliveSocket link) {
    output.hideStatus();
    output.event(Event.closed(link.peer(), FailureCause.LEFT));
    end.complete(End.SOURCE_LEFT);
  }

  @Override
  public void onViolation(KeepaliveSocket link, int octet) {
    output.hideStatus();
    output.event(Event.violation(link.peer(), octet));
    end.complete(End.VIOLATED);
  }

  @Override
  public void onFailover(Failure failure) throws InterruptedException {
    output.hideStatus();
    failure.claim().ifPresent(claim -> output.event(GuardEvent.granted(failure.peer(), claim)));
    output.event(Event.failover(failure));
    if (succession.begin(failure)) {
      outcome = End.TAKEN_OVER;
    }
  }

  @Override
  public void onDeclined(Failure failure, String reason) {
    output.hideStatus();
    output.event(GuardEvent.declined(failure, reason));
    outcome = End.DECLINED;
  }

  /** Called once everything that happened is in the journal. */
  @Override
  public void onFailed(Failure failure) {
    end.complete(outcome);
  }

  @Override
  public void onClaimLost(Failure failure, String reason) {
    output.hideStatus();
    output.event(GuardEvent.claimLost(failure.peer(), failure.claim().orElseThrow(), reason));
    try {
      succession.stop();
    } finally {
      claimLost.complete(null);
    }
  }
}
