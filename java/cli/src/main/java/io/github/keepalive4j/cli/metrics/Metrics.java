package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;

/** Where monitors and sources show in metrics. */
public interface Metrics extends AutoCloseable {
  /** None are served. */
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

  /** Returns the builder, of which a monitor will show. */
  KeepaliveMonitor.Builder observe(KeepaliveMonitor.Builder monitor);

  /** Returns the source, which shows from now on. */
  KeepaliveServer observe(KeepaliveServer server);

  @Override
  void close();
}
