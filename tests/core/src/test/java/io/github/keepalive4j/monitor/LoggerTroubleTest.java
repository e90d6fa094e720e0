package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.BrokenLog;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Recorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A logger that throws, as one of an application whose classes are gone. */
class LoggerTroubleTest extends MonitorTest {
  private BrokenLog log;
  private final Recorder recorder = new Recorder();

  @BeforeEach
  void breakLogger() {
    log = BrokenLog.of(KeepaliveMonitor.class);
  }

  @AfterEach
  void mendLogger() {
    log.close();
  }

  @Test
  void anExecutorThatRefusesCostsNoFailover() throws Exception {
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .executor(
                task -> {
                  throw new NoClassDefFoundError("undeployed");
                })
            .open()) {
      LinkPair pair = source.connect();
      monitor.watch(pair.link(), recorder, recorder);
      pair.finish();
      awaitClosed(pair.link());
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), recorder.calls());
      Eventually.await("a line", () -> log.logged() > 0);
    }
  }

  @Test
  void aCallbackThatThrowsEndsItsWatchAndHarmsNoOtherLink() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().executor(Runnable::run).open()) {
      LinkPair failing = source.connect();
      LinkPair other = source.connect();
      Watch watch =
          monitor.watch(
              failing.link(),
              failover -> {
                throw new IllegalStateException("boom");
              });
      monitor.watch(other.link(), recorder);
      failing.finish();
      assertEquals(Watch.End.Kind.TAKEOVER_FAILED, endOf(watch).kind());
      awaitClosed(failing.link());
      other.finish();
      recorder.await("failover CLOSED");
      awaitClosed(other.link());
      Eventually.await("a line", () -> log.logged() > 0);
    }
  }

  @Test
  void aDeclineEndsTheWatch() throws Exception {
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(
                request -> {
                  throw new ClaimDeclinedException("no");
                },
                Duration.ofSeconds(30))
            .open()) {
      LinkPair pair = source.connect();
      Watch watch = monitor.watch(pair.link(), recorder);
      pair.finish();
      assertEquals(Watch.End.Kind.DECLINED, endOf(watch).kind());
      awaitClosed(pair.link());
      Eventually.await("a line", () -> log.logged() > 0);
    }
  }
}
