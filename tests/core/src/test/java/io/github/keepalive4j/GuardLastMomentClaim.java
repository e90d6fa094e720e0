package io.github.keepalive4j;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A claim that is lost after it was first found fit to begin on. */
final class GuardLastMomentClaim implements Claim {
  private final GuardClaim claim;
  private final AtomicInteger asked = new AtomicInteger();

  GuardLastMomentClaim(GuardClaim claim) {
    this.claim = claim;
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
    if (asked.incrementAndGet() == 2) {
      claim.lose("outbid");
    }
    return claim.isValid();
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    claim.onLost(listener);
  }

  @Override
  public void release() {
    claim.release();
  }
}
