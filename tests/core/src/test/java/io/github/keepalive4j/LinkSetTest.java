package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.Recurrence;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkSetTest {
  @Test
  void anIdleSetDoesItsChoreAgainAndAgain() throws Exception {
    CountDownLatch done = new CountDownLatch(3);
    Recurrence chore = new Recurrence(Duration.ofMillis(20), done::countDown);
    LinkSet links =
        new LinkSet("chore", Providers.get().openPoller(), chore, Throwable::printStackTrace);
    links.start();
    try {
      assertTrue(done.await(10, TimeUnit.SECONDS));
    } finally {
      links.close();
    }
  }
}
