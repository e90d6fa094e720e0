package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;

/** Registers monitors and sources for metrics. */
public interface Metrics extends AutoCloseable {
  /** Serves no metrics. */
  Metrics NONE =
      new Metrics() {
        @Override
        public KeepaliveMonitor.Builder observe(KeepaliveMonitor.Builder monitor) {
          return monitor;
        }

        @Override
        public KeepaliveServer observe(KeepaliveServer server) {
          return server;
        }

        @Override
        public void close() {}
      };

  /** Returns the builder; the metrics will include its monitor. */
  KeepaliveMonitor.Builder observe(KeepaliveMonitor.Builder monitor);

  /** Returns the source; the metrics include it from now on, in place of an earlier one. */
  KeepaliveServer observe(KeepaliveServer server);

  @Override
  void close();
}
