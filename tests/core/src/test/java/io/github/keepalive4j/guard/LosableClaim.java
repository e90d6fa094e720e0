package io.github.keepalive4j.guard;

import io.github.keepalive4j.AbstractClaim;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A claim that a test loses. */
public class LosableClaim extends AbstractClaim {
  private final long token;
  private final CountDownLatch released = new CountDownLatch(1);
  private final BooleanSupplier whenChecked;
  private final BooleanSupplier whenAnnounced;
  private volatile boolean announced;

  public LosableClaim(long token) {
    this(token, () -> true, () -> true);
  }

  /** Makes a claim that answers as the test says when it is checked, and when it is announced. */
  public LosableClaim(long token, BooleanSupplier whenChecked, BooleanSupplier whenAnnounced) {
    this.token = token;
    this.whenChecked = whenChecked;
    this.whenAnnounced = whenAnnounced;
  }

  public void lose(String reason) {
    lose(reason, System.nanoTime());
  }

  public boolean awaitReleased() throws InterruptedException {
    return released.await(10, TimeUnit.SECONDS);
  }

  public boolean isReleased() {
    return released.getCount() == 0;
  }

  public boolean isAnnounced() {
    return announced;
  }

  @Override
  public boolean mayBegin() {
    return whenChecked.getAsBoolean() && super.mayBegin();
  }

  @Override
  public boolean announce() {
    announced = true;
    return whenAnnounced.getAsBoolean() && super.mayBegin();
  }

  @Override
  public OptionalLong token() {
    return OptionalLong.of(token);
  }

  @Override
  public Optional<String> resource() {
    return Optional.of("test");
  }

  @Override
  public String description() {
    return "claim " + token;
  }

  @Override
  protected void giveUp() {
    released.countDown();
  }
}
