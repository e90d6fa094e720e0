package io.github.keepalive4j.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who has ended a connection that is gone: the kernel, or its owner. */
class UnansweredTest {
  private static final long USER_TIMEOUT_NS = s(4);

  private final Unanswered unanswered = new Unanswered(0);

  private static long s(double seconds) {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  @Test
  void silenceAloneIsNoDeath() {
    unanswered.look(s(10), s(10), false);
    assertFalse(unanswered.isDeath(s(10.5), USER_TIMEOUT_NS));
    assertEquals(0, unanswered.ns(s(10.5)));
  }

  @Test
  void silenceForTheUserTimeoutAfterAProbeIsDeath() {
    unanswered.look(s(2), s(2), true);
    unanswered.look(s(3), s(3), true);
    assertFalse(unanswered.isDeath(s(3.9), USER_TIMEOUT_NS));
    assertTrue(unanswered.isDeath(s(4), USER_TIMEOUT_NS));
    assertEquals(s(2), unanswered.ns(s(4)));
    assertEquals(s(4), unanswered.silenceNs(s(4)));
  }

  /** Its owner's own timeout ended it. */
  @Test
  void anEndRightAfterTheProbeIsNoDeath() {
    unanswered.look(s(100), s(100), true);
    assertFalse(unanswered.isDeath(s(100.9), USER_TIMEOUT_NS));
    assertTrue(unanswered.isDeath(s(101), USER_TIMEOUT_NS));
  }

  @Test
  void anAnswerBeginsAnew() {
    unanswered.look(s(2), s(2), true);
    unanswered.look(s(6), s(0.5), true);
    assertEquals(0, unanswered.ns(s(6)));
    unanswered.look(s(7), s(1.51), true); // as inexact as the kernel's ms
    assertEquals(s(1), unanswered.ns(s(7)));
  }

  @Test
  void whatWasOwedBeforeTheFirstLookCounts() {
    unanswered.look(s(1), s(30), true);
    unanswered.backdate(s(20));
    assertEquals(s(21), unanswered.ns(s(2)));
  }
}
