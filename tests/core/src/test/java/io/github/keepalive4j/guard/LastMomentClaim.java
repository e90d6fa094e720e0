package io.github.keepalive4j.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A claim that is lost after it was first found fit to begin on. */
final class LastMomentClaim implements Claim {
  private final LosableClaim claim;
  private final AtomicInteger asked = new AtomicInteger();

  LastMomentClaim(LosableClaim claim) {
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
