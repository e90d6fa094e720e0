package io.github.keepalive4j.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.util.function.Consumer;

/** A claim that is held, but on which nothing may be begun. */
record DoubtfulClaim(Claim held) implements Claim {
  @Override
  public String description() {
    return held.description();
  }

  @Override
  public boolean isValid() {
    return held.isValid();
  }

  @Override
  public boolean mayBegin() {
    return false;
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    held.onLost(listener);
  }

  @Override
  public void release() {
    held.release();
  }
}
