package io.github.keepalive4j.guard;

import io.github.keepalive4j.AbstractClaim;
import java.util.concurrent.atomic.AtomicInteger;

/** A claim that is lost after it was first found fit to begin on. */
final class LastMomentClaim extends AbstractClaim {
  private final LosableClaim claim;
  private final AtomicInteger asked = new AtomicInteger();

  LastMomentClaim(LosableClaim claim) {
    this.claim = claim;
    claim.addLossListener(loss -> lose(loss.reason(), loss.validUntilNs()));
  }

  @Override
  public String description() {
    return claim.description();
  }

  @Override
  public boolean mayBegin() {
    if (asked.incrementAndGet() == 2) {
      claim.lose("outbid");
    }
    return claim.isValid();
  }

  @Override
  protected void giveUp() {
    claim.release();
  }
}
