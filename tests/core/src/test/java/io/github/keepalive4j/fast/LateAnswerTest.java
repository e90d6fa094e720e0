package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.support.RequiresLab;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An answer that comes after its observer has gone. */
@RequiresLab
class LateAnswerTest {
  private static final int LINKS = 25;
  private static final Duration BUDGET = Duration.ofMillis(200);

  @Test
  void aLateAnswerAfterUnwatchIsNoViolation() throws Exception {
    try (Testbed lab = Testbed.open(KeepaliveServer.builder().health(LateAnswerTest::slowly))) {
      for (int i = 0; i < LINKS; i++) {
        stopWatchingWhileAQueryIsUnderWay(lab);
      }
    }
  }

  private static boolean slowly() {
    sleepMs(20);
    return true;
  }

  private static void sleepMs(long time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void stopWatchingWhileAQueryIsUnderWay(Testbed lab) throws Exception {
    try (KeepaliveSocket link =
        lab.connect(KeepaliveOptions.detectWithin(BUDGET, Liveness.PROCESS))) {
      long before = link.tcpInfo().bytesAcked();
      lab.monitor().watch(link, failure -> {});
      while (link.tcpInfo().bytesAcked() == before) {
        sleepMs(1);
      }
      lab.monitor().unwatch(link);
      sleepMs(40);
      assertEquals(Optional.empty(), link.classify());
      assertEquals(Optional.empty(), link.awaitFailure(BUDGET));
    }
  }
}
