package io.github.keepalive4j;

import java.util.function.Consumer;

/** A claim that can't be lost. */
final class LastingClaim implements Claim {
  private final String description;
  private volatile boolean released;

  LastingClaim(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public boolean isValid() {
    return !released;
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {}

  @Override
  public void release() {
    released = true;
  }
}
