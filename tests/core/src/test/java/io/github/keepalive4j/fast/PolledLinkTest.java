package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A caller with an io-handler list of its own, whose host's queue is full. */
@InLab
class PolledLinkTest {
  private static final KeepaliveOptions OPTIONS =
      KeepaliveOptions.detectWithin(Duration.ofMillis(3_375));

  /** For a machine that others use too. */
  private static final Duration SLACK = Duration.ofSeconds(4);

  /** The descriptor never gets ready: the kernel doesn't count probes that it couldn't send. */
  @Test
  void fiveLooksInAnIntervalFindASilentSourceInTime() throws Exception {
    try (Testbed lab = Testbed.open();
        KeepaliveSocket link = lab.connect(OPTIONS)) {
      assertTrue(link.fd() > 0);
      assertEquals(Optional.empty(), link.classify());
      try (Fault full = lab.backup().queueFull()) {
        Failure failure = classifyUntilItFails(link);
        assertEquals(FailureCause.TIMED_OUT, failure.cause());
        assertEquals(Optional.of("ENOBUFS"), failure.errnoName());
        long tookNs = failure.verdictNs() - full.startedNs();
        Duration limit = OPTIONS.worstCaseDetection().plus(SLACK);
        assertTrue(tookNs < limit.toNanos(), () -> tookNs / 1e6 + " ms");
      }
    }
  }

  private static Failure classifyUntilItFails(KeepaliveSocket link) throws Exception {
    long pauseMs = OPTIONS.interval().toMillis() / 5;
    long endNs = System.nanoTime() + Testbed.LIMIT.toNanos();
    Optional<Failure> failure = Optional.empty();
    while (failure.isEmpty() && System.nanoTime() < endNs) {
      TimeUnit.MILLISECONDS.sleep(pauseMs); // a caller's own timer
      failure = link.classify();
    }
    return failure.orElseThrow();
  }
}
