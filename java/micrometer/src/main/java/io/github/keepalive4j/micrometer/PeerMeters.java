package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TcpInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The gauges of one peer, read from the kernel on demand. Of several links, the worst counts. */
final class PeerMeters {
  private final MeterRegistry registry;
  private final Set<KeepaliveSocket> links = ConcurrentHashMap.newKeySet();
  private final List<Meter> meters;

  PeerMeters(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    meters =
        List.of(
            TimeGauge.builder(
                    "keepalive.link.silence",
                    this,
                    TimeUnit.MILLISECONDS,
                    peer -> peer.worst(info -> info.silence().toMillis()))
                .description("Time since the source's kernel was heard")
                .tags(tags)
                .register(registry),
            TimeGauge.builder(
                    "keepalive.link.rtt",
                    this,
                    TimeUnit.MICROSECONDS,
                    peer -> peer.worst(info -> info.rtt().toNanos() / 1e3))
                .description("The smoothed round-trip time")
                .tags(tags)
                .register(registry),
            Gauge.builder(
                    "keepalive.link.probes.unanswered",
                    this,
                    peer -> peer.worst(info -> info.probes() + info.unacked()))
                .description("Keepalive probes unanswered, or probe bytes unacknowledged")
                .tags(tags)
                .register(registry));
  }

  void add(KeepaliveSocket link) {
    links.add(link);
  }

  /** Returns whether that was the last link; the meters are gone then. */
  boolean remove(KeepaliveSocket link) {
    links.remove(link);
    if (links.isEmpty()) {
      meters.forEach(registry::remove);
      return true;
    }
    return false;
  }

  private double worst(ToDoubleFunction<TcpInfo> field) {
    return links.stream()
        .mapToDouble(link -> read(link, field))
        .filter(value -> !Double.isNaN(value))
        .max()
        .orElse(Double.NaN);
  }

  private static double read(KeepaliveSocket link, ToDoubleFunction<TcpInfo> field) {
    try {
      return field.applyAsDouble(link.tcpInfo());
    } catch (IOException | UnsupportedOperationException e) {
      return Double.NaN; // it is closing, or the pure-JDK path can't tell
    }
  }
}
