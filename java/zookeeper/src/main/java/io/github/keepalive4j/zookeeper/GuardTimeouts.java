package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.Objects;

/**
 * The half of a guard's builder that says how long to wait for whom. Not thread-safe.
 *
 * @param <B> the builder
 */
public abstract class GuardTimeouts<B extends GuardTimeouts<B>> {
  private static final Duration MAX = Duration.ofHours(1);

  Duration sessionTimeout = Duration.ofSeconds(6);
  Duration acknowledgeTimeout = Duration.ofMillis(50);
  Duration releaseTimeout = Duration.ofSeconds(15);
  Duration requestTimeout = Duration.ofSeconds(2);

  GuardTimeouts() {}

  abstract B self();

  /**
   * Sets after how much silence the ensemble ends this side's session. The ensemble limits it, by
   * default to 2 to 20 of its ticks. The lease follows the timeout that is agreed.
   *
   * @param sessionTimeout 100 ms to 1 hour, by default 6 s
   * @return this builder
   * @throws IllegalArgumentException if {@code sessionTimeout} is outside that range
   */
  public final B sessionTimeout(Duration sessionTimeout) {
    this.sessionTimeout = checked("sessionTimeout", sessionTimeout, Duration.ofMillis(100));
    return self();
  }

  /**
   * Sets how long a superseded holder has to say that it stops. The library says it by itself, as
   * soon as the ensemble has notified the holder. One that says nothing in time counts as dead,
   * paused or cut off, and the next holder begins. This is the delay of a takeover from a dead
   * holder. Choose more than four round trips to the ensemble and two of its disk writes.
   *
   * @param acknowledgeTimeout 0 to 1 hour, by default 50 ms
   * @return this builder
   * @throws IllegalArgumentException if {@code acknowledgeTimeout} is outside that range
   */
  public final B acknowledgeTimeout(Duration acknowledgeTimeout) {
    this.acknowledgeTimeout = checked("acknowledgeTimeout", acknowledgeTimeout, Duration.ZERO);
    return self();
  }

  /**
   * Sets how long a superseded holder that has said that it stops may take to stop and to release
   * its claim. After that the next holder begins all the same. Choose more than the longest stop
   * takes, and give the guard itself more time than this: if the guard's time runs out first, it
   * declines.
   *
   * @param releaseTimeout 0 to 1 hour, by default 15 s
   * @return this builder
   * @throws IllegalArgumentException if {@code releaseTimeout} is outside that range
   */
  public final B releaseTimeout(Duration releaseTimeout) {
    this.releaseTimeout = checked("releaseTimeout", releaseTimeout, Duration.ZERO);
    return self();
  }

  /**
   * Sets how long a backup waits for the ensemble's answer before the ensemble counts as
   * unavailable. Choose less than the guard's own timeout, or that ends the wait. After the guard
   * has granted, the write that announces the callback may take as long again.
   *
   * @param requestTimeout 1 ms to 1 hour, by default 2 s
   * @return this builder
   * @throws IllegalArgumentException if {@code requestTimeout} is outside that range
   */
  public final B requestTimeout(Duration requestTimeout) {
    this.requestTimeout = checked("requestTimeout", requestTimeout, Duration.ofMillis(1));
    return self();
  }

  static Duration checked(String name, Duration value, Duration min) {
    if (Objects.requireNonNull(value, name).compareTo(min) < 0 || value.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          name + " " + value + " is not from " + min.toMillis() + " ms to 1 hour");
    }
    return value;
  }
}
