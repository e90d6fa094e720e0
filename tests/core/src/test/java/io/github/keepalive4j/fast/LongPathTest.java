package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Probes on a path whose round trip is a good part of the budget. */
@RequiresLab
class LongPathTest {
  private static final KeepaliveOptions OPTIONS =
      KeepaliveOptions.detectWithin(Duration.ofMillis(100));

  /** Longer than the budget: a link that lives so long has made its loss good. */
  private static final Duration MADE_GOOD = Duration.ofMillis(300);

  private static final int TRIES = 5;

  private Testbed lab;
  private LongPath path;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
    path = LongPath.open(lab.source(), Testbed.PORT);
  }

  @AfterEach
  void close() throws Exception {
    path.close();
    lab.close();
  }

  @Test
  void aPathOnWhichALostProbeIsMadeGoodTooLateIsRefused() {
    path.setRoundTrip(Duration.ofMillis(22));
    IOException refusal = assertThrows(IOException.class, this::connect);
    assertTrue(
        refusal.getMessage().contains("past the probes' deadline of 72 ms"), refusal::getMessage);
  }

  @Test
  void aLongPathThatFitsTheBudgetIsTaken() throws Exception {
    path.setRoundTrip(Duration.ofMillis(8));
    connectAtBest().close();
  }

  @Test
  void theFirstLossAfterARerouteToALongerPathIsSurvived() throws Exception {
    path.setRoundTrip(Duration.ZERO);
    WatchedLink link = WatchedLink.watch(lab.monitor(), connectAtBest());
    link.assertNoFailoverFor(MADE_GOOD);
    path.setRoundTrip(Duration.ofMillis(16));
    path.loseOne();
    Eventually.await("a probe is lost", path::hasLost);
    link.assertNoFailoverFor(MADE_GOOD);
    link.close();
  }

  /** A busy machine's own delays count as the path's, so a refusal may be the machine's doing. */
  private KeepaliveSocket connectAtBest() throws Exception {
    for (int refused = 1; refused < TRIES; refused++) {
      try {
        return connect();
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("the round trip"), e::getMessage);
      }
    }
    return connect();
  }

  private KeepaliveSocket connect() throws Exception {
    return lab.source().call(() -> KeepaliveSocket.connect(path.far(), OPTIONS));
  }
}
