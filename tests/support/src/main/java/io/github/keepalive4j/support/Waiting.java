package io.github.keepalive4j.support;

import io.github.keepalive4j.Watch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what a test knows to come. */
public final class Waiting {
  private static final Duration END_LIMIT = Duration.ofSeconds(20);

  private Waiting() {}

  /** Waits for a watch's end and returns it. */
  public static Watch.End endOf(Watch watch) throws Exception {
    return watch.ended().toCompletableFuture().get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Waits for a latch as code does that ignores interrupts. */
  public static void awaitThoughInterrupted(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // waits on
      }
    }
  }
}
