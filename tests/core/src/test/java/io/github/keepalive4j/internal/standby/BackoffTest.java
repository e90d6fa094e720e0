package io.github.keepalive4j.internal.standby;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The waits between attempts to connect. */
class BackoffTest {
  private static final Duration FROM = Duration.ofMillis(100);
  private static final Duration TO = Duration.ofSeconds(1);

  private final Backoff backoff = new Backoff(FROM, TO);

  private void assertNextIsFrom(long leastMs, long mostMs) {
    Duration next = backoff.next();
    assertTrue(next.compareTo(Duration.ofMillis(leastMs)) >= 0, next.toString());
    assertTrue(next.compareTo(Duration.ofMillis(mostMs)) <= 0, next.toString());
  }

  @Test
  void doublesFromTheShortestWaitToTheLongest() {
    assertNextIsFrom(100, 200);
    assertNextIsFrom(200, 400);
    assertNextIsFrom(400, 800);
    assertNextIsFrom(500, 1_000);
    assertNextIsFrom(500, 1_000);
  }

  @Test
  void startsOverAfterALinkThatLivedForLongerThanTheLongestWait() {
    assertNextIsFrom(100, 200);
    backoff.linkLived(TO);
    assertNextIsFrom(200, 400);
    backoff.linkLived(TO.plusMillis(1));
    assertNextIsFrom(100, 200);
  }
}
