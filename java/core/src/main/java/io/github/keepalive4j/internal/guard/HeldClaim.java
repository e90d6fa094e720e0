package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A claim in the hands of its holder, on record: lost before the holder has begun it is worth
 * nothing, lost afterwards the holder is called back.
 */
public final class HeldClaim implements Claim {
  private final Claim claim;
  private final WatchJournal record;
  private final Consumer<ClaimLoss> holder;
  private boolean begun; // guarded by this
  private ClaimLoss loss; // guarded by this
  private boolean released; // guarded by this

  /** Takes the claim, which is on record from here on. */
  public HeldClaim(Claim claim, WatchJournal record, Consumer<ClaimLoss> holder) {
    this.claim = claim;
    this.record = record;
    this.holder = holder;
  }

  /** Listens for the claim's loss. */
  public void hold() {
    record.granted(claim);
    claim.onLost(this::lose);
  }

  private void lose(ClaimLoss lost) {
    record.claimLost(claim, lost);
    boolean callBack;
    synchronized (this) {
      loss = lost;
      callBack = begun;
    }
    if (callBack) {
      holder.accept(lost);
    }
  }

  /** Returns why the holder may not begin now, or null if it may. */
  public String refusalReason() {
    return judge(claim.mayBegin(), false);
  }

  /** Lets the holder begin, and announces it; returns null if it may, otherwise why it may not. */
  public String begin() {
    return judge(claim.announce(), true);
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
  public boolean mayBegin() {
    return claim.mayBegin();
  }

  @Override
  public boolean announce() {
    return claim.announce();
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    claim.onLost(listener);
  }

  @Override
  public void release() {
    synchronized (this) {
      if (released || loss != null) {
        return;
      }
      released = true;
    }
    record.claimReleased(claim);
    claim.release();
  }
}
