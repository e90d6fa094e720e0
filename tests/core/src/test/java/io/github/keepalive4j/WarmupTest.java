package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.monitor.FlightLog;
import io.github.keepalive4j.support.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A failover is the first and the last of its program: it must not wait for classes. */
class WarmupTest {
  /** The JDK's own; without a warmup it is 10 and 21. */
  private static final int FEW = 5;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstFailureLoadsHardlyAClass(boolean ownExecutor) throws Exception {
    try (ChildJvm child = ChildJvm.start(FirstFailureProgram.class, "-Down=" + ownExecutor)) {
      int loaded = Integer.parseInt(child.readLine());
      assertTrue(loaded <= FEW, () -> loaded + " classes");
    }
  }

  @Test
  void theRecorderDoesNotHearOfIt() throws Exception {
    try (FlightLog log = new FlightLog()) {
      Warmup.failOver(null);
      assertEquals(0, log.events().size());
    }
  }
}
