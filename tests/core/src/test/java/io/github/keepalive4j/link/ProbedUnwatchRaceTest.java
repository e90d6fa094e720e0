package io.github.keepalive4j.link;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.LinkPair;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A link with probes that ends while its owner takes it back: another thread judges it. */
class ProbedUnwatchRaceTest {
  private static final KeepaliveOptions OPTIONS =
      KeepaliveOptions.builder()
          .probe(Duration.ofMillis(1), Duration.ofSeconds(10))
          .noDelay(true)
          .build();

  /** A probe may find the reset. */
  @Test
  void aResetStaysAReset() throws Exception {
    UnwatchRace.run(source -> source.connectProbing(OPTIONS), LinkPair::reset, FailureCause.RESET);
  }
}
