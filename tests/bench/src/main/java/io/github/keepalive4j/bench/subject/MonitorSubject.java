package io.github.keepalive4j.bench.subject;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import java.io.IOException;
import java.net.InetSocketAddress;

/** This project's monitor with a callback. */
public final class MonitorSubject implements Subject {
  private final KeepaliveMonitor monitor;
  private final FailureSink sink;
  private final LinkListener listener; // null for no listener and no suspicion

  private MonitorSubject(KeepaliveMonitor monitor, FailureSink sink, LinkListener listener) {
    this.monitor = monitor;
    this.sink = sink;
    this.listener = listener;
  }

  /** Calls back on the monitor's own thread. */
  public static MonitorSubject onItsThread(FailureSink sink) throws IOException {
    return new MonitorSubject(
        KeepaliveMonitor.builder().executor(Runnable::run).open(), sink, null);
  }

  /** Calls back on the executor that a monitor has by default. */
  static MonitorSubject onDefaultExecutor(FailureSink sink) throws IOException {
    return new MonitorSubject(KeepaliveMonitor.open(), sink, null);
  }

  /** Calls back on the monitor's own thread, with suspicion on. */
  public static MonitorSubject withSuspicion(FailureSink sink) throws IOException {
    return new MonitorSubject(
        KeepaliveMonitor.builder().executor(Runnable::run).open(), sink, new LinkListener() {});
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    KeepaliveSocket link = KeepaliveSocket.connect(peer, KeepaliveOptions.defaults());
    int port = link.localAddress().getPort();
    if (listener == null) {
      monitor.watch(link, failure -> sink.failed(slot));
    } else {
      monitor.watch(link, failure -> sink.failed(slot), listener);
    }
    return port;
  }

  @Override
  public void close() {
    monitor.close();
  }
}
