package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.BrokenLog;
import io.github.keepalive4j.support.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The threads of a guard. */
@Isolated("breaks the package's log")
class GuardThreadsTest {
  /**
   * Otherwise a claim is never lost again after one moment without a thread to tell it. Its logger
   * throws, too, as one of an application whose classes are gone.
   */
  @Test
  void aTaskThatFailedOnceIsRepeated() throws Exception {
    GuardThreads threads = new GuardThreads("test-");
    CountDownLatch runs = new CountDownLatch(3);
    try (BrokenLog log = BrokenLog.of(GuardThreads.class)) {
      var unused =
          threads.every(
              Duration.ofMillis(1),
              () -> {
                runs.countDown();
                throw new OutOfMemoryError("unable to create native thread");
              });
      assertTrue(runs.await(20, TimeUnit.SECONDS));
      Eventually.await("a line", () -> log.logged() > 0);
    } finally {
      threads.stopTimer();
      threads.stopBlocking();
    }
  }
}
