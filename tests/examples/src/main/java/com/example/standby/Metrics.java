package com.example.standby;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.micrometer.KeepaliveMonitorMetrics;
import io.github.keepalive4j.micrometer.KeepaliveServerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Watches a source in the same process, and prints the meters of both sides. */
class Metrics {
  public static void main(String[] args) throws Exception {
    MeterRegistry registry = new SimpleMeterRegistry();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (KeepaliveServer server = KeepaliveServer.open(address);
        KeepaliveMonitor monitor = open(registry, server)) {
      monitor.connect(server.localAddress(), KeepaliveOptions.defaults(), System.out::println);
      registry.getMeters().forEach(meter -> System.out.println(meter.getId()));
    }
  }

  private static KeepaliveMonitor open(MeterRegistry registry, KeepaliveServer server)
      throws Exception {
    KeepaliveMonitor monitor =
        KeepaliveMonitor.builder().listener(new KeepaliveMonitorMetrics(registry)).open();
    new KeepaliveServerMetrics(server).bindTo(registry);
    return monitor;
  }
}
