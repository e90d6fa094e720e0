package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.monitor.FlightLog;
import io.github.keepalive4j.support.ChildJvm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A failover is the first and the last of its program: it must not wait for classes. */
class WarmupTest {
  /** The JDK's own; without a warmup it is 10 and 21. */
  private static final int FEW = 5;

  /** Without a warmup it is 11,000 and more; with one it is about 1,000. */
  private static final int WARM_US = 5_000;

  private static final int TRIES = 6;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstFailureLoadsHardlyAClass(boolean ownExecutor) throws Exception {
    try (ChildJvm child = ChildJvm.start(FirstFailureProgram.class, "-Down=" + ownExecutor)) {
      int loaded = Integer.parseInt(child.readLine());
      assertTrue(loaded <= FEW, () -> loaded + " classes");
    }
  }

  /** A busy machine may be slow now and then, but cold code is slow each time. */
  @Test
  void aRecordingThatStartsAfterTheWatchDelaysNoFailover() throws Exception {
    List<Integer> delaysUs = new ArrayList<>();
    do {
      try (ChildJvm child = ChildJvm.start(FirstRecordedFailureProgram.class)) {
        delaysUs.add(Integer.parseInt(child.readLine()));
      }
    } while (Collections.min(delaysUs) > WARM_US && delaysUs.size() < TRIES);
    assertTrue(Collections.min(delaysUs) <= WARM_US, () -> delaysUs + " us");
  }

  @Test
  void theRecorderDoesNotHearOfIt() throws Exception {
    try (FlightLog log = new FlightLog()) {
      Warmup.failOver(null);
      Warmup.warmUpFlight();
      assertEquals(0, log.events().size());
    }
  }
}
