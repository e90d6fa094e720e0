package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.soak.program.EventWriter;
import java.io.IOException;

/** The load's monitor. */
record MonitorObserver(KeepaliveMonitor monitor, KeepaliveSocket link, EventWriter writer)
    implements LinkObserver {
  @Override
  public void begin() throws IOException {
    monitor.watch(link, writer, writer);
  }

  @Override
  public boolean end() {
    return monitor.unwatch(link);
  }
}
