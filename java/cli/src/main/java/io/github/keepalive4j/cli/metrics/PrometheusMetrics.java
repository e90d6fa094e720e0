package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.qemu.QemuTakeover;
import io.github.keepalive4j.micrometer.KeepaliveMonitorMetrics;
import io.github.keepalive4j.micrometer.KeepaliveServerMetrics;
import io.github.keepalive4j.micrometer.TakeoverMetrics;
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
  private volatile KeepaliveMonitorMetrics links; // null until a monitor is observed

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
    links = new KeepaliveMonitorMetrics(registry);
    return monitor.listener(links);
  }

  @Override
  public KeepaliveServer observe(KeepaliveServer server) {
    List.copyOf(registry.getMeters()).stream()
        .filter(meter -> meter.getId().getName().startsWith(SERVER_METERS))
        .forEach(registry::remove);
    new KeepaliveServerMetrics(server).bindTo(registry);
    return server;
  }

  @Override
  public void observeBackup(String source, Guards guards, QemuTakeover takeover) {
    TakeoverMetrics.Builder metrics = TakeoverMetrics.builder(guards.sourceId().orElse(source));
    metrics.armed(
        () ->
            links != null
                && links.isWatching()
                && guards.areReady()
                && (takeover == null || takeover.isConnected()));
    if (takeover != null) {
      metrics.qmp(takeover::isConnected);
    }
    addClaim(metrics, guards).build().bindTo(registry);
  }

  @Override
  public void observeSource(Guards guards) {
    guards
        .sourceId()
        .map(source -> addClaim(TakeoverMetrics.builder(source), guards).build())
        .ifPresent(metrics -> metrics.bindTo(registry));
  }

  private static TakeoverMetrics.Builder addClaim(TakeoverMetrics.Builder metrics, Guards guards) {
    guards
        .claims()
        .ifPresent(claims -> metrics.claim(claims::heldClaim).ensemble(claims::isConnected));
    return metrics;
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
