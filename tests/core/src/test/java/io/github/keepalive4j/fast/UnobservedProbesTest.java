package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link with probes that nobody observes: nobody sends them, and keepalive alone watches it. */
@InLab
class UnobservedProbesTest {
  private static final Duration BUDGET = Duration.ofMillis(100);
  private static final KeepaliveOptions OPTIONS = KeepaliveOptions.detectWithin(BUDGET);
  private static final Optional<Duration> OFF = Optional.of(Duration.ZERO);

  private Testbed lab;
  private KeepaliveSocket link;

  @BeforeEach
  void connect() throws Exception {
    lab = Testbed.open();
    link = lab.connect(OPTIONS);
  }

  @AfterEach
  void close() throws Exception {
    link.close();
    lab.close();
  }

  private Optional<Duration> userTimeout() throws IOException {
    return link.effectiveOptions().userTimeout();
  }

  @Test
  void oneLostKeepaliveProbeDoesNotEndAnUnobservedLink() throws Exception {
    assertSurvivesOneLostKeepaliveProbe();
  }

  @Test
  void oneLostKeepaliveProbeDoesNotEndALinkThatWasObservedBefore() throws Exception {
    lab.monitor().watch(link, failover -> {});
    assertTrue(lab.monitor().unwatch(link));
    assertEquals(Optional.empty(), link.awaitFailure(BUDGET));
    assertSurvivesOneLostKeepaliveProbe();
  }

  private void assertSurvivesOneLostKeepaliveProbe() throws Exception {
    try (Fault cut = lab.source().drop()) {
      assertTrue(cut.effectiveNs() > 0);
      Eventually.await("a lost probe", () -> link.tcpInfo().probes() > 0);
    }
    Eventually.await("the next one's end", () -> isHeard(link) || !isConnected(link));
    assertTrue(isConnected(link), () -> "ended by one lost probe");
    assertEquals(Optional.empty(), link.awaitFailure(BUDGET));
  }

  private static boolean isHeard(KeepaliveSocket link) throws IOException {
    return link.tcpInfo().probes() == 0;
  }

  private static boolean isConnected(KeepaliveSocket link) throws IOException {
    return link.tcpInfo().state() == TcpInfo.State.ESTABLISHED;
  }

  @Test
  void theUserTimeoutIsOnWhileAMonitorWatches() throws Exception {
    assertEquals(OFF, userTimeout());
    lab.monitor().watch(link, failover -> {});
    assertEquals(OPTIONS.userTimeout(), userTimeout());
    assertTrue(lab.monitor().unwatch(link));
    assertEquals(OFF, userTimeout());
  }

  @Test
  void theUserTimeoutIsOnWhileAThreadWaits() throws Exception {
    Background<Optional<Failure>> waiting =
        Background.start(() -> link.awaitFailure(Duration.ofSeconds(2))).awaitInside("await");
    Eventually.await("the user timeout", () -> OPTIONS.userTimeout().equals(userTimeout()));
    assertEquals(Optional.empty(), waiting.get());
    assertEquals(OFF, userTimeout());
  }

  @Test
  void aMonitorThatRefusesALinkDoesNotSetItsUserTimeout() throws Exception {
    KeepaliveMonitor closed = KeepaliveMonitor.open();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.watch(link, failover -> {}));
    assertEquals(OFF, userTimeout());
  }

  @Test
  void aLinkWithProbesDoesNotHandOutItsDescriptor() throws Exception {
    String refusal = assertThrows(UnsupportedOperationException.class, link::fd).getMessage();
    assertTrue(refusal.contains("probe"), refusal);
    assertTrue(refusal.contains("awaitFailure"), refusal);
  }

  @Test
  void withoutProbesTheUserTimeoutIsTheOwners() throws Exception {
    KeepaliveOptions plain = KeepaliveOptions.builder().userTimeout(Duration.ofSeconds(5)).build();
    try (KeepaliveSocket other = lab.connect(plain)) {
      assertEquals(plain.userTimeout(), other.effectiveOptions().userTimeout());
      lab.monitor().watch(other, failover -> {});
      assertTrue(lab.monitor().unwatch(other));
      assertEquals(plain.userTimeout(), other.effectiveOptions().userTimeout());
    }
  }
}
