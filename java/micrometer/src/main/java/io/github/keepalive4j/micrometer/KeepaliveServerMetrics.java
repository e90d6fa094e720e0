package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.KeepaliveServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;

/**
 * The metrics of one {@link KeepaliveServer}.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>type</th><th>what</th></tr>
 *   <tr><td>{@code keepalive.server.backups}</td><td>gauge</td><td>backups connected</td></tr>
 *   <tr><td>{@code keepalive.server.violations}</td><td>counter</td>
 *       <td>connections closed for a byte that the link doesn't know</td></tr>
 *   <tr><td>{@code keepalive.server.refusals}</td><td>counter</td>
 *       <td>connections refused</td></tr>
 * </table>
 *
 * <p>The registry holds the server weakly, so the server can be garbage-collected.
 */
public final class KeepaliveServerMetrics implements MeterBinder {
  private final KeepaliveServer server;
  private final Tags tags;

  /**
   * Makes the metrics of a server.
   *
   * @param server the server, open
   */
  public KeepaliveServerMetrics(KeepaliveServer server) {
    this(server, Tags.empty());
  }

  /**
   * Makes the metrics of a server, with tags that tell it from other servers of the process.
   *
   * @param server the server, open
   * @param tags on each meter
   */
  public KeepaliveServerMetrics(KeepaliveServer server, Iterable<Tag> tags) {
    this.server = Objects.requireNonNull(server, "server");
    this.tags = KeepaliveMonitorMetrics.tagsOf(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    Gauge.builder("keepalive.server.backups", server, KeepaliveServer::connections)
        .description("Backups connected")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("keepalive.server.violations", server, KeepaliveServer::violations)
        .description("Connections closed for a byte that the link doesn't know")
        .tags(tags)
        .register(registry);
    FunctionCounter.builder("keepalive.server.refusals", server, KeepaliveServer::refusals)
        .description("Connections refused")
        .tags(tags)
        .register(registry);
  }
}
