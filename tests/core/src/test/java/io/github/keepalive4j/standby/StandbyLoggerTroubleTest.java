package io.github.keepalive4j.standby;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.Standby;
import io.github.keepalive4j.Standby.State;
import io.github.keepalive4j.Standby.StateChange;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.BrokenLog;
import io.github.keepalive4j.support.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A standby whose logger throws. */
class StandbyLoggerTroubleTest extends StandbyScene {
  private BrokenLog log;

  @BeforeEach
  void breakLogger() {
    log = BrokenLog.of(Standby.class);
  }

  @AfterEach
  void mendLogger() {
    log.close();
  }

  @Test
  @SuppressWarnings("try") // only closed
  void aConditionThatThrowsLeavesTheDefault() throws Exception {
    try (Standby unused =
        builder()
            .rearmIf(
                end -> {
                  throw new IllegalStateException("a condition's trouble");
                })
            .connect()) {
      source.accept();
      source.send('x');
      await(State.WAITING);
      source.accept();
      await(State.ARMED);
      Eventually.await("a line", () -> log.logged() > 0);
    }
  }

  @Test
  void closesWithAListenerThatThrows() throws Exception {
    Standby.Listener throwing =
        new Recording() {
          @Override
          public void onStateChanged(StateChange change) {
            throw new IllegalStateException("a listener's trouble");
          }
        };
    Standby standby = builder().listener(throwing).connect();
    source.accept();
    standby.close();
    assertEquals(Watch.End.Kind.CANCELLED, end(standby).kind());
    Eventually.await("a line", () -> log.logged() > 0);
  }
}
