package io.github.keepalive4j.link;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import org.junit.jupiter.api.Test;

/**
 * A link that ends while its owner takes it back. What the monitor has read of it the owner must
 * hear, because the kernel tells it only once.
 */
class UnwatchRaceTest extends EachTransport {
  @Test
  void aResetStaysAReset() throws Exception {
    UnwatchRace.run(FailingSource::connect, LinkPair::reset, FailureCause.RESET);
  }

  @Test
  void aFarewellStaysAFarewell() throws Exception {
    UnwatchRace.run(
        FailingSource::connect,
        pair -> {
          pair.send('G');
          pair.reset();
        },
        FailureCause.LEFT);
  }
}
