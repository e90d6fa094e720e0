package io.github.keepalive4j.guard;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;

/** A claim that is held, but on which nothing may be begun. */
final class DoubtfulClaim extends AbstractClaim {
  private final Claim held;

  DoubtfulClaim(Claim held) {
    this.held = held;
  }

  @Override
  public String description() {
    return held.description();
  }

  @Override
  public boolean mayBegin() {
    return false;
  }

  @Override
  protected void giveUp() {
    held.release();
  }
}
