package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.internal.WatchSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** {@code struct ka_watch_config} and {@link WatchSettings}. */
final class WatchConfigLayout {
  /** {@code enum ka_liveness}. */
  private static final int KEEPALIVE = 0;

  private static final int HOST = 1;
  private static final int PROCESS = 2;

  private WatchConfigLayout() {}

  /** Encodes the settings of a link that ends with its interface's carrier, or with none if 0. */
  static byte[] encode(WatchSettings settings, int interfaceIndex) {
    ByteBuffer config =
        ByteBuffer.allocate(Layout.WATCH_CONFIG_SIZE).order(ByteOrder.nativeOrder());
    config.putInt(0, settings.role().number());
    config.putInt(Layout.WATCH_CONFIG_SUSPECT_PROBES, settings.suspectProbes());
    config.putInt(Layout.WATCH_CONFIG_LIVENESS, liveness(settings));
    config.putInt(Layout.WATCH_CONFIG_DEFER_EVIDENCE, 1);
    config.putLong(Layout.WATCH_CONFIG_PROBE_INTERVAL_NS, settings.probeIntervalNs());
    config.putLong(Layout.WATCH_CONFIG_PROBE_DEADLINE_NS, settings.probeDeadlineNs());
    config.putInt(Layout.WATCH_CONFIG_INTERFACE, interfaceIndex);
    return config.array();
  }

  private static int liveness(WatchSettings settings) {
    if (!settings.isProbing()) {
      return KEEPALIVE;
    }
    return settings.liveness() == Liveness.PROCESS ? PROCESS : HOST;
  }
}
