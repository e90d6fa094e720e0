package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.micrometer.KeepaliveMonitorMetrics;
import io.github.keepalive4j.micrometer.KeepaliveServerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The metrics on a page in Prometheus' text format. */
final class PrometheusMetrics implements Metrics {
  private static final String SERVER_METERS = "keepalive.server.";
  private static final String PATH = "/metrics";
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpPage page;

  private PrometheusMetrics(InetSocketAddress address) throws IOException {
    page = HttpPage.serve(address, PATH, CONTENT_TYPE, this::text);
  }

  static PrometheusMetrics open(InetSocketAddress address) throws IOException {
    return new PrometheusMetrics(address);
  }

  InetSocketAddress address() {
    return page.address();
  }

  @Override
  public KeepaliveMonitor.Builder observe(KeepaliveMonitor.Builder monitor) {
    return monitor.listener(new KeepaliveMonitorMetrics(registry));
  }

  @Override
  public KeepaliveServer observe(KeepaliveServer server) {
    List.copyOf(registry.getMeters()).stream()
        .filter(meter -> meter.getId().getName().startsWith(SERVER_METERS))
        .forEach(registry::remove);
    new KeepaliveServerMetrics(server).bindTo(registry);
    return server;
  }

  private byte[] text() {
    return registry.scrape().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    page.close();
    registry.close();
  }
}
