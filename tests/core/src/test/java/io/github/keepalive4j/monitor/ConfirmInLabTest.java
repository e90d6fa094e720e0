package io.github.keepalive4j.monitor;

import static io.github.keepalive4j.support.Waiting.endOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.Watch.End.Kind;
import io.github.keepalive4j.Watch.LinkState;
import io.github.keepalive4j.fast.Testbed;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is confirmed, and what isn't, by faults that the kernel itself sees. */
@InLab
class ConfirmInLabTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final KeepaliveOptions ONE_PROBE = KeepaliveOptions.builder().count(1).build();

  private Testbed lab;

  @BeforeEach
  void open() throws Exception {
    lab = Testbed.open();
  }

  @AfterEach
  void close() throws Exception {
    lab.close();
  }

  private KeepaliveMonitor confirming(Duration time) throws Exception {
    return lab.backup().call(() -> KeepaliveMonitor.builder().confirm(time).open());
  }

  @Test
  void aLinkThatThisHostEndedIsReplaced() throws Exception {
    try (KeepaliveMonitor monitor = confirming(LONG)) {
      KeepaliveSocket link = lab.connect(KeepaliveOptions.defaults());
      Watch watch = monitor.watch(link, failover -> {});
      lab.backup().killSockets(link.peer());
      Eventually.await("a fresh link", () -> !watch.linkStates().containsKey(link));
      assertEquals(List.of(LinkState.UP), List.copyOf(watch.linkStates().values()));
    }
  }

  @Test
  void anAbortIsTakenOverIfTheSourceDoesNotAnswer() throws Exception {
    try (KeepaliveMonitor monitor = confirming(SHORT)) {
      KeepaliveSocket link = lab.connect(KeepaliveOptions.defaults());
      Watch watch = monitor.watch(link, failover -> {});
      try (Fault cut = lab.source().drop()) {
        assertTrue(cut.effectiveNs() > 0);
        lab.backup().killSockets(link.peer());
        assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
        assertEquals(FailureCause.ABORTED, endOf(watch).failures().get(0).cause());
      }
    }
  }

  @Test
  void silenceIsTakenOverAtOnce() throws Exception {
    try (KeepaliveMonitor monitor = confirming(LONG)) {
      Watch watch = monitor.watch(lab.connect(ONE_PROBE), failover -> {});
      try (Fault cut = lab.source().drop()) {
        assertTrue(cut.effectiveNs() > 0);
        assertEquals(Kind.TAKEN_OVER, endOf(watch).kind());
        assertEquals(FailureCause.TIMED_OUT, endOf(watch).failures().get(0).cause());
      }
    }
  }
}
