package io.github.keepalive4j.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A claim that a test loses. */
public final class LosableClaim implements Claim {
  private final long token;
  private final CountDownLatch released = new CountDownLatch(1);
  private final List<Consumer<ClaimLoss>> listeners = new ArrayList<>(); // guarded by this
  private ClaimLoss loss; // guarded by this
  private volatile boolean announced;

  public LosableClaim(long token) {
    this.token = token;
  }

  public void lose(String reason) {
    List<Consumer<ClaimLoss>> told;
    synchronized (this) {
      loss = new ClaimLoss(reason, System.nanoTime());
      told = List.copyOf(listeners);
    }
    told.forEach(listener -> listener.accept(loss));
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
  public boolean announce() {
    announced = true;
    return mayBegin();
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
  public synchronized boolean isValid() {
    return loss == null && !isReleased();
  }

  @Override
  public void onLost(Consumer<ClaimLoss> listener) {
    ClaimLoss already;
    synchronized (this) {
      already = loss;
      listeners.add(listener);
    }
    if (already != null) {
      listener.accept(already);
    }
  }

  @Override
  public void release() {
    released.countDown();
  }
}
