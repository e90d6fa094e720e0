package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A link that ends while its owner takes it back, many times. {@code -Dkeepalive4j.race.rounds}
 * sets how many.
 */
final class UnwatchRace {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.race.rounds", 1_500);
  private static final int MOST_HEADSTART_NS = 200_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  interface Begin {
    LinkPair of(FailingSource source) throws Exception;
  }

  interface End {
    void of(LinkPair pair) throws Exception;
  }

  private UnwatchRace() {}

  /** Requires that the owner of each link that was taken back hears of this cause. */
  static void run(Begin begin, End end, FailureCause expected) throws Exception {
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
    System.out.println(causes);
    assertEquals(Map.of(expected, causes.getOrDefault(expected, 0)), causes);
  }
}
