package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A link that ends while its owner takes it back. What the monitor has read of it the owner must
 * hear, because the kernel tells it only once. {@code -Dkeepalive4j.race.rounds} sets how many.
 */
class UnwatchRaceTest extends EachTransport {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.race.rounds", 1_500);
  private static final int MOST_HEADSTART_NS = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private interface Begin {
    LinkPair of(FailingSource source) throws Exception;
  }

  private interface End {
    void of(LinkPair pair) throws Exception;
  }

  @Test
  void aResetStaysAReset() throws Exception {
    race(LinkPair::reset, FailureCause.RESET);
  }

  @Test
  void aFarewellStaysAFarewell() throws Exception {
    race(
        pair -> {
          pair.send('G');
          pair.reset();
        },
        FailureCause.LEFT);
  }

  /** Another thread judges it, and the reset may be found by a probe. */
  @Test
  void aResetStaysAResetOfALinkWithProbes() throws Exception {
    assumeTrue(isNative(), "the JDK sends no probes");
    KeepaliveOptions options =
        KeepaliveOptions.builder().probe(Duration.ofMillis(1), PATIENCE).noDelay(true).build();
    race(source -> source.connectProbing(options), LinkPair::reset, FailureCause.RESET);
  }

  private void race(End end, FailureCause expected) throws Exception {
    race(FailingSource::connect, end, expected);
  }

  private void race(Begin begin, End end, FailureCause expected) throws Exception {
    Map<FailureCause, Integer> causes = new EnumMap<>(FailureCause.class);
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      for (int i = 0; i < ROUNDS; i++) {
        try (LinkPair pair = begin.of(source)) {
          monitor.watch(pair.link(), failover -> {});
          Background<?> ending =
              Background.start(
                  () -> {
                    end.of(pair);
                    return null;
                  });
          LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(MOST_HEADSTART_NS));
          if (monitor.unwatch(pair.link())) {
            causes.merge(pair.link().awaitFailure(PATIENCE).orElseThrow().cause(), 1, Integer::sum);
          }
          ending.get();
        }
      }
    }
    System.out.printf("%s: %s%n", transport, causes);
    assertEquals(Map.of(expected, causes.getOrDefault(expected, 0)), causes);
  }
}
