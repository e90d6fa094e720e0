package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SocketSweeper;
import io.github.keepalive4j.support.Eventually;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sweeper's metrics, while sockets come and go. */
@Timeout(60)
class SocketSweeperMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void socketsAreCountedByTheirRule() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
      String rule = "within=30s,to=*:" + server.getLocalPort();
      String other = "within=1m,to=192.0.2.0/24";
      try (SocketSweeper sweeper =
          SocketSweeper.builder().rules(SocketRules.parse(rule + "," + other)).open()) {
        new SocketSweeperMetrics(sweeper, Tags.of("site", "a")).bindTo(registry);
        assertEquals(0, governed(rule));
        try (Socket client = new Socket(loopback, server.getLocalPort());
            Socket peer = server.accept()) {
          Eventually.await("a governed socket", () -> governed(rule) == 1);
          assertEquals(0, governed(other));
          assertEquals(0, count("set.again"));
          client.setKeepAlive(false);
          Eventually.await("set again", () -> count("set.again") == 1);
          assertTrue(client.getKeepAlive());
          assertTrue(peer.isConnected());
        }
        Eventually.await("no governed socket", () -> governed(rule) == 0);
        FunctionTimer sweeps = registry.get("keepalive.sockets.sweep").functionTimer();
        assertTrue(sweeps.count() > 0 && sweeps.totalTime(TimeUnit.NANOSECONDS) > 0);
        assertTrue(sweeps.count() <= sweeper.sweeps());
        for (String name : Set.of("dead.peers", "spared", "refused", "sweeps.failed")) {
          assertEquals(0, count(name), name);
        }
      }
    }
  }

  @Test
  void eachMeterHasTheTags() throws Exception {
    try (SocketSweeper sweeper =
        SocketSweeper.builder()
            .rules(SocketRules.parse("within=30s,to=192.0.2.0/24,end-stuck"))
            .open()) {
      new SocketSweeperMetrics(sweeper, Tags.of("site", "a")).bindTo(registry);
      Set<String> names = new TreeSet<>();
      registry
          .getMeters()
          .forEach(
              meter -> {
                assertEquals("a", meter.getId().getTag("site"));
                names.add(meter.getId().getName());
              });
      assertEquals(
          Set.of(
              "keepalive.sockets.governed",
              "keepalive.sockets.set.again",
              "keepalive.sockets.dead.peers",
              "keepalive.sockets.spared",
              "keepalive.sockets.stuck",
              "keepalive.sockets.refused",
              "keepalive.sockets.sweep",
              "keepalive.sockets.sweeps.failed"),
          names);
      for (String ended : Set.of("true", "false")) {
        assertEquals(
            0,
            registry.get("keepalive.sockets.stuck").tag("ended", ended).functionCounter().count());
      }
    }
  }

  private double governed(String rule) {
    return registry.get("keepalive.sockets.governed").tag("rule", rule).gauge().value();
  }

  private double count(String name) {
    return registry.get("keepalive.sockets." + name).functionCounter().count();
  }
}
