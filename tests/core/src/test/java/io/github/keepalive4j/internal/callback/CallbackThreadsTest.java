package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.support.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackThreadsTest {
  private static final String NAME = "callback-threads-test";
  private static final int BURST = 10;

  private final CallbackThreads threads =
      new CallbackThreads(NAME, () -> {}, Runnable::run, UnaryOperator.identity());

  @AfterEach
  void shutDown() {
    threads.shutdown();
  }

  /** If each task went to the thread that has rested longest, none of them would ever end. */
  @Test
  void theThreadsOfABurstEndAlthoughTasksGoOn() throws Exception {
    CountDownLatch ends = new CountDownLatch(1);
    for (int i = 0; i < BURST; i++) {
      threads.execute(() -> await(ends));
    }
    Eventually.await("a thread for each task", () -> count() == BURST);
    ends.countDown();
    Eventually.await(
        "the few threads that a busy machine lets take turns",
        Duration.ofSeconds(30),
        () -> {
          runOne();
          return count() <= 3;
        });
  }

  @Test
  void noThreadWaitsAfterAShutdown() throws Exception {
    threads.keepOne();
    threads.execute(() -> {});
    threads.shutdown();
    Eventually.await("the end of all", () -> count() == 0);
  }

  private void runOne() {
    CountDownLatch run = new CountDownLatch(1);
    threads.execute(run::countDown);
    await(run);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long count() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(NAME))
        .count();
  }
}
