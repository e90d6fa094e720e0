package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.cli.WaitOptions;
import io.github.keepalive4j.cli.guard.GuardEvent;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.zookeeper.ClaimStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What a backup is to do next, judged by its link, the claim and the clock. Thread-safe. */
final class Succession {
  /** What a backup is to do. */
  enum Next {
    /** Conclude from the end of the last link. */
    CONCLUDE,
    /** Take the claim, which nobody holds. */
    TAKE_CLAIM,
    /** Connect anew, because the claim's holder advertises another address. */
    RECONNECT,
    /** End, since the source didn't come. */
    GIVE_UP,
    /** End, since the command does. */
    CLOSE
  }

  /** A name server that hangs isn't waited for any longer. */
  private static final Duration FIRST_TRY = Duration.ofSeconds(10);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);
  private static final Duration AFTER_DECLINE = Duration.ofSeconds(1);

  private final VacancyRule rule;
  private final boolean rearm;
  private final Duration takeoverAfter; // null for never
  private final WaitOptions wait;
  private final Guards guards;
  private final Output output;
  private final long startNs = System.nanoTime();
  private ClaimStatus status; // guarded by this; null before the first
  private OptionalLong told = OptionalLong.empty(); // guarded by this
  private long ownToken; // guarded by this; of the latest takeover, or 0
  private boolean everTried; // guarded by this
  private boolean everLinked; // guarded by this
  private long notBeforeNs = startNs; // guarded by this
  private boolean closed; // guarded by this

  Succession(
      boolean rearm, Duration takeoverAfter, WaitOptions wait, Guards guards, Output output) {
    this.rule = new VacancyRule(rearm, takeoverAfter);
    this.rearm = rearm;
    this.takeoverAfter = takeoverAfter;
    this.wait = wait;
    this.guards = guards;
    this.output = output;
  }

  /** Hears of each change of the claim. */
  synchronized void claimChanged(ClaimStatus now) {
    status = now;
    rule.saw(now);
    if (rearm && now.isHeld() && now.hasBegun()) {
      tellHolder(now);
    }
    notifyAll();
  }

  private void tellHolder(ClaimStatus now) {
    if (!now.token().equals(told) && !now.isOwn() && !now.isSource()) {
      output.event(GuardEvent.held(now));
    }
    told = now.token();
  }

  /** Hears that the source couldn't be reached. */
  synchronized void tried() {
    everTried = true;
    notifyAll();
  }

  synchronized void linked() {
    everLinked = true;
    rule.linked();
  }

  /**
   * Hears of a link's end.
   *
   * @param isOfSource whether it led to the source. A backup that took over and leaves makes way
   */
  synchronized void linkEnded(Watch.End end, boolean isOfSource) {
    if (end.kind() == Watch.End.Kind.LEFT) {
      if (isOfSource) {
        rule.sourceStoodDown();
      }
    } else if (end.kind() == Watch.End.Kind.DECLINED) {
      rule.declined();
      if (guards.takeFenceFailure()) {
        rule.fenceFailed();
      }
    }
  }

  synchronized void tookOver(Claim claim) {
    everLinked = true;
    claim
        .token()
        .ifPresent(
            token -> {
              ownToken = token;
              rule.tookOver(token);
              claim.addLossListener(loss -> claimLost(token));
            });
  }

  private synchronized void claimLost(long token) {
    rule.claimLost(token);
    notifyAll();
  }

  synchronized void takeoverFailed() {
    rule.takeoverFailed();
  }

  /** Has the next try wait a moment. */
  synchronized void declined() {
    if (guards.takeFenceFailure()) {
      rule.fenceFailed();
    }
    notBeforeNs = System.nanoTime() + AFTER_DECLINE.toNanos();
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Returns the latest status of the claim; null without claims and before the first. */
  synchronized ClaimStatus status() {
    return status;
  }

  /** Returns the status of a claim that another one holds and acts on. */
  synchronized Optional<ClaimStatus> winner() {
    return Optional.ofNullable(status)
        .filter(now -> now.isHeld() && now.hasBegun() && !now.isOwn())
        .filter(now -> now.token().orElse(0) > ownToken);
  }

  /** Waits until it is known who holds the claim, but not long: the ensemble may be down. */
  synchronized void awaitStatus() throws InterruptedException {
    long startNs = System.nanoTime();
    long leftNs = FIRST_LOOK.toNanos();
    while (status == null && !closed && leftNs > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      leftNs = FIRST_LOOK.toNanos() - (System.nanoTime() - startNs);
    }
  }

  /** Tells whether a source that can't be reached at the start is waited for. */
  synchronized boolean waits() {
    return wait.isGiven() || takeoverAfter != null || (rearm && status != null && status.isHeld());
  }

  synchronized boolean knowsHolder() {
    return rule.knowsHolder();
  }

  /**
   * Tells whether a takeover on a claim lasts until the claim is lost, whatever its source does.
   */
  synchronized boolean sourceClaims() {
    return status != null && status.sourceClaims();
  }

  /**
   * Waits for something to do.
   *
   * @param isHolding asked whether a takeover lasts, during which there is nothing else to do
   * @param sourceIsUp asked whether the source is there: a link to a backup that took over says
   *     nothing of it
   * @param hasMoved asked whether a winner is to be watched elsewhere
   * @param end completes with the end of the last link
   */
  synchronized Next await(
      BooleanSupplier isHolding,
      BooleanSupplier sourceIsUp,
      Predicate<Optional<ClaimStatus>> hasMoved,
      CompletableFuture<Watch.End> end)
      throws InterruptedException {
    while (true) {
      if (closed) {
        return Next.CLOSE;
      }
      if (end.isDone()) {
        return Next.CONCLUDE;
      }
      long waitNs = LONGEST_LOOK.toNanos();
      if (!isHolding.getAsBoolean()) {
        long ripeNs = ripeInNs(sourceIsUp.getAsBoolean());
        if (ripeNs <= 0) {
          return Next.TAKE_CLAIM;
        }
        if (hasMoved.test(winner())) {
          return Next.RECONNECT;
        }
        if (waitLeftNs() <= 0) {
          return Next.GIVE_UP;
        }
        waitNs = Math.min(waitNs, ripeNs);
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(waitNs, 1_000_000));
    }
  }

  private long ripeInNs(boolean sourceIsUp) {
    if (status == null || guards.areHoldingBack()) {
      return Long.MAX_VALUE;
    }
    Duration patience = rule.patience(status, sourceIsUp);
    return patience.equals(VacancyRule.NEVER)
        ? Long.MAX_VALUE
        : Math.max(patience.minus(status.vacantFor()).toNanos(), notBeforeNs - System.nanoTime());
  }

  private long waitLeftNs() {
    return !wait.isGiven() || everLinked || takeoverAfter != null || rule.knowsHolder()
        ? Long.MAX_VALUE
        : waitLimit().toNanos() - (System.nanoTime() - startNs);
  }

  /** However short the time is, a source that is there is found. */
  private Duration waitLimit() {
    Duration limit = wait.limit();
    return everTried || limit.compareTo(FIRST_TRY) > 0 ? limit : FIRST_TRY;
  }
}
