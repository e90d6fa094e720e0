package io.github.keepalive4j;

import io.github.keepalive4j.internal.Range;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A {@linkplain KeepaliveServer.Builder#health health check} that is true while the application
 * keeps touching it. Touch it from the loop that must not stand still. Thread-safe.
 */
public final class DeadMansSwitch implements BooleanSupplier {
  private final long heldNs;
  private volatile long touchedNs = System.nanoTime();

  private DeadMansSwitch(long heldNs) {
    this.heldNs = heldNs;
  }

  /**
   * Makes a switch that counts as touched now.
   *
   * @param timeout how long a touch counts, 1 ms to 1 day
   * @throws IllegalArgumentException if {@code timeout} is outside that range
   */
  public static DeadMansSwitch expiringAfter(Duration timeout) {
    return new DeadMansSwitch(Range.checkMillisecondToDay("timeout", timeout).toNanos());
  }

  /** Shows that the application runs. */
  public void touch() {
    touchedNs = System.nanoTime();
  }

  @Override
  public boolean getAsBoolean() {
    return System.nanoTime() - touchedNs <= heldNs;
  }
}
