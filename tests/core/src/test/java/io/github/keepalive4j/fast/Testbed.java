package io.github.keepalive4j.fast;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A source that listens on one host and a monitor on the other, both in this JVM. */
public final class Testbed implements AutoCloseable {
  public static final int PORT = 9999;

  /** How long a test waits for what is sure to come. */
  public static final Duration LIMIT = Duration.ofSeconds(20);

  private final Lab lab;
  private final KeepaliveServer server;
  private final KeepaliveMonitor monitor;

  private Testbed(Lab lab, KeepaliveServer server, KeepaliveMonitor monitor) {
    this.lab = lab;
    this.server = server;
    this.monitor = monitor;
  }

  public static Testbed open() throws Exception {
    return open(KeepaliveServer.builder());
  }

  public static Testbed open(KeepaliveServer.Builder server) throws Exception {
    Lab lab = Lab.open();
    return new Testbed(
        lab,
        lab.source().call(() -> server.open(new InetSocketAddress(PORT))),
        lab.backup().call(KeepaliveMonitor::open));
  }

  public Lab lab() {
    return lab;
  }

  public Host source() {
    return lab.source();
  }

  public Host backup() {
    return lab.backup();
  }

  public KeepaliveServer server() {
    return server;
  }

  public KeepaliveMonitor monitor() {
    return monitor;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(lab.source().ipv4(), PORT);
  }

  public KeepaliveSocket connect(KeepaliveOptions options) throws Exception {
    return lab.backup().call(() -> KeepaliveSocket.connect(address(), options));
  }

  public WatchedLink watch(KeepaliveOptions options) throws Exception {
    return WatchedLink.watch(monitor, connect(options));
  }

  public WatchedLink watch(Duration budget) throws Exception {
    return watch(KeepaliveOptions.detectWithin(budget));
  }

  @Override
  public void close() throws IOException {
    monitor.close();
    server.close();
    lab.close();
  }
}
