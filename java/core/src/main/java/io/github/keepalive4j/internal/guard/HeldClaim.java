package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A claim in the hands of its holder, with each step in the journal. A claim that is lost before
 * the holder has begun is worth nothing; of a later loss the holder's listeners hear.
 */
public final class HeldClaim implements Claim {
  private final Claim claim;
  private final WatchJournal record;
  private final Consumer<Throwable> errorHandler;
  private final List<Consumer<ClaimLoss>> listeners = new ArrayList<>(); // guarded by this
  private final List<Runnable> beforeRelease = new ArrayList<>(); // guarded by this
  private boolean begun; // guarded by this
  private ClaimLoss loss; // guarded by this; null unless lost
  private boolean released; // guarded by this

  /** Takes a claim; what loss listeners throw goes to the error handler. */
  public HeldClaim(Claim claim, WatchJournal record, Consumer<Throwable> errorHandler) {
    this.claim = claim;
    this.record = record;
    this.errorHandler = errorHandler;
  }

  /** Has a holder stop what runs on its claim before the claim is released, whoever does that. */
  public static void beforeRelease(Claim claim, Runnable stop) {
    if (claim instanceof HeldClaim held) {
      held.beforeRelease(stop);
    }
  }

  private synchronized void beforeRelease(Runnable stop) {
    beforeRelease.add(stop);
  }

  Claim guarded() {
    return claim;
  }

  /** Tells the claim which backups the server has that serves on it. */
  public void serve(AbstractClaim.Backups backups) {
    Claims.serve(claim, backups);
  }

  /** Writes the claim to the journal, and listens for its loss. */
  public void hold() {
    record.granted(claim);
    claim.addLossListener(this::lose);
  }

  /** Stopping waits for nothing, so the journal comes last. */
  private void lose(ClaimLoss lost) {
    List<Consumer<ClaimLoss>> toCall;
    synchronized (this) {
      loss = lost;
      toCall = begun ? List.copyOf(listeners) : List.of();
    }
    toCall.forEach(listener -> call(listener, lost));
    record.claimLost(claim, lost);
  }

  private void run(Runnable stop) {
    try {
      stop.run();
    } catch (Throwable e) { // the claim must not stay held for it
      errorHandler.accept(e);
    }
  }

  private void call(Consumer<ClaimLoss> listener, ClaimLoss lost) {
    try {
      listener.accept(lost);
    } catch (Throwable e) { // the others must stop, too
      errorHandler.accept(e);
    }
  }

  /** Returns why the holder may not begin now, or null if it may. */
  public String refusalReason() {
    return judge(Claims.mayBegin(claim), false);
  }

  /** Lets the holder begin, and announces it; returns null if it may, otherwise why it may not. */
  public String begin() {
    return judge(Claims.announce(claim), true);
  }

  private String judge(boolean may, boolean begins) {
    synchronized (this) {
      if (loss != null) {
        return "the claim was lost before it was used: " + loss.reason();
      }
      begun = begins && may;
    }
    return may ? null : "the claim was in doubt when it was to be used";
  }

  /** Tells whether nobody would hear of the claim's loss, which can happen. */
  synchronized boolean isUnheeded() {
    return listeners.isEmpty() && !released && Claims.canBeLost(claim);
  }

  @Override
  public OptionalLong token() {
    return claim.token();
  }

  @Override
  public OptionalLong supersedes() {
    return claim.supersedes();
  }

  @Override
  public Optional<String> resource() {
    return claim.resource();
  }

  @Override
  public String description() {
    return claim.description();
  }

  @Override
  public boolean isValid() {
    return claim.isValid();
  }

  @Override
  public void addLossListener(Consumer<ClaimLoss> listener) {
    Objects.requireNonNull(listener, "listener");
    ClaimLoss already;
    synchronized (this) {
      listeners.add(listener);
      already = begun ? loss : null;
    }
    if (already != null) {
      call(listener, already);
    }
  }

  @Override
  public void release() {
    List<Runnable> stops;
    synchronized (this) {
      if (released || loss != null) {
        return;
      }
      released = true;
      stops = List.copyOf(beforeRelease);
    }
    stops.forEach(this::run);
    try {
      record.claimReleased(claim);
    } finally {
      claim.release();
    }
  }
}
