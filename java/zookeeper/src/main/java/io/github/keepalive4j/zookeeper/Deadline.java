package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Until when somebody waits, on the monotonic clock. */
record Deadline(long atNs) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  Deadline orIn(Duration time) {
    Deadline other = in(time);
    return other.atNs - atNs < 0 ? other : this;
  }

  long remainingNs() {
    return atNs - System.nanoTime();
  }

  <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    return answer.get(Math.max(0, remainingNs()), TimeUnit.NANOSECONDS);
  }
}
