package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of a wait.
 *
 * @param atNs on {@link System#nanoTime}'s clock
 */
record Deadline(long atNs) {
  /** Left of the guard's time, so that the guard itself can still give its reason to decline. */
  private static final Duration MARGIN = Duration.ofMillis(50);

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Returns the end of the guard's time, less 50 ms in which it can still give a reason. */
  static Deadline of(ClaimRequest request) {
    return in(request.remaining().minus(MARGIN));
  }

  /** Returns the earlier of this deadline and one that is this time from now. */
  Deadline orIn(Duration time) {
    Deadline other = in(time);
    return other.atNs - atNs < 0 ? other : this;
  }

  /** Returns the time left, zero or negative once the deadline has passed. */
  long remainingNs() {
    return atNs - System.nanoTime();
  }

  <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    return answer.get(Math.max(0, remainingNs()), TimeUnit.NANOSECONDS);
  }
}
