package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.qemu.QemuTakeover;

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
        public void observeBackup(String source, Guards guards, QemuTakeover takeover) {}

        @Override
        public void observeSource(Guards guards) {}

        @Override
        public void close() {}
      };

  /** Returns the builder; the metrics will include its monitor. */
  KeepaliveMonitor.Builder observe(KeepaliveMonitor.Builder monitor);

  /** Returns the source; the metrics include it from now on, in place of an earlier one. */
  KeepaliveServer observe(KeepaliveServer server);

  /**
   * Includes whether a failover would go ahead now.
   *
   * @param source the source that is watched
   * @param takeover the QEMU that takes over, null for none
   */
  void observeBackup(String source, Guards guards, QemuTakeover takeover);

  /** Includes a source's claim, if it serves on one. */
  void observeSource(Guards guards);

  @Override
  void close();
}
