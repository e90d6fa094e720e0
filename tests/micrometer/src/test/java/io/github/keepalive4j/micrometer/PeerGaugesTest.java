package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a peer's gauges show is what the kernel says, in the unit that they name. */
@Timeout(60)
class PeerGaugesTest {
  private static final long SILENCE_MS = 300;

  /** Without a probe that would end the silence. */
  private static final KeepaliveOptions QUIET =
      KeepaliveOptions.builder().idle(Duration.ofHours(1)).build();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  private KeepaliveMonitor openMonitor() throws Exception {
    return KeepaliveMonitor.builder().listener(new KeepaliveMonitorMetrics(registry)).open();
  }

  private double gauge(String name) {
    return registry.get("keepalive.link." + name).gauge().value();
  }

  private static double silence(KeepaliveSocket link) throws Exception {
    return link.tcpInfo().silence().toMillis() / 1e3;
  }

  private static void awaitSilence(KeepaliveSocket link) throws Exception {
    Eventually.await(SILENCE_MS + " ms", () -> link.tcpInfo().silence().toMillis() >= SILENCE_MS);
  }

  @Test
  void silenceIsInSeconds() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = openMonitor();
        LinkPair pair = source.connect(QUIET)) {
      monitor.watch(pair.link(), failover -> {});
      awaitSilence(pair.link());
      double before = silence(pair.link());
      double shown = gauge("silence");
      assertTrue(before <= shown && shown <= silence(pair.link()), before + ", then " + shown);
    }
  }

  @Test
  void ofSeveralLinksTheWorstCounts() throws Exception {
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = openMonitor();
        LinkPair older = source.connect(QUIET)) {
      awaitSilence(older.link());
      try (LinkPair newer = source.connect(QUIET)) {
        monitor.watch(newer.link(), failover -> {});
        monitor.watch(older.link(), failover -> {});
        double before = silence(older.link());
        double shown = gauge("silence");
        assertTrue(before <= shown && silence(newer.link()) < shown, before + ", then " + shown);
      }
    }
  }

  @Test
  void whatACutOffSourceLeavesUnansweredIsCounted() throws Exception {
    Needs.lab();
    try (Lab lab = Lab.open();
        KeepaliveServer source =
            lab.source().call(() -> KeepaliveServer.open(new InetSocketAddress(0)));
        KeepaliveMonitor monitor = openMonitor()) {
      InetSocketAddress address =
          new InetSocketAddress(lab.source().ipv4(), source.localAddress().getPort());
      try (KeepaliveSocket keepalive =
          lab.backup().call(() -> KeepaliveSocket.connect(address, KeepaliveOptions.defaults()))) {
        monitor.watch(keepalive, failover -> {});
        assertEquals(0, gauge("probes.unanswered"));
        try (Fault cut = lab.source().drop()) {
          Eventually.await("a probe unanswered", () -> keepalive.tcpInfo().probes() == 1);
          assertEquals(1, gauge("probes.unanswered"), () -> "since " + cut);
        }
      }
      try (KeepaliveSocket probing =
          lab.backup()
              .call(
                  () ->
                      KeepaliveSocket.connect(
                          address, KeepaliveOptions.detectWithin(Duration.ofSeconds(3))))) {
        monitor.watch(probing, failover -> {});
        try (Fault cut = lab.source().drop()) {
          Eventually.await("a byte unacknowledged", () -> probing.tcpInfo().unacked() == 1);
          assertEquals(1, gauge("probes.unanswered"), () -> "since " + cut);
        }
      }
    }
  }

  @Test
  void onThePureJdkPathTheyAreUnknown() throws Exception {
    System.setProperty(Transport.PROPERTY, "jdk");
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = openMonitor();
        LinkPair pair = source.connect(KeepaliveOptions.defaults())) {
      monitor.watch(pair.link(), failover -> {});
      for (String name : new String[] {"silence", "rtt", "probes.unanswered"}) {
        assertEquals(Double.NaN, gauge(name), name);
      }
    } finally {
      System.clearProperty(Transport.PROPERTY);
    }
  }
}
