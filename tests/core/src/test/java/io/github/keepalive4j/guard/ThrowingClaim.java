package io.github.keepalive4j.guard;

import io.github.keepalive4j.AbstractClaim;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A claim of a guard whose code fails in one place. */
final class ThrowingClaim extends AbstractClaim {
  private final String broken;
  private final CountDownLatch givenUp = new CountDownLatch(1);

  ThrowingClaim(String broken) {
    this.broken = broken;
  }

  private void failIn(String method) {
    if (method.equals(broken)) {
      throw new IllegalStateException(method + " is broken");
    }
  }

  boolean awaitGivenUp() throws InterruptedException {
    return givenUp.await(10, TimeUnit.SECONDS);
  }

  @Override
  public OptionalLong token() {
    failIn("token");
    return OptionalLong.of(1);
  }

  @Override
  public String description() {
    failIn("description");
    return "a claim";
  }

  @Override
  public boolean canBeLost() {
    failIn("canBeLost");
    return true;
  }

  @Override
  public boolean mayBegin() {
    failIn("mayBegin");
    return !broken.equals("giveUp"); // so that it is released at once
  }

  @Override
  public boolean announce() {
    failIn("announce");
    return true;
  }

  @Override
  protected boolean stands() {
    failIn("stands");
    return true;
  }

  @Override
  protected void giveUp() {
    givenUp.countDown();
    failIn("giveUp");
  }
}
