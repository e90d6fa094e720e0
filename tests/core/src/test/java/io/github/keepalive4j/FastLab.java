package io.github.keepalive4j;

import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A source that listens on one host and a monitor on the other, both in this JVM. */
final class FastLab implements AutoCloseable {
  static final int PORT = 9999;

  /** How long a test waits for what is sure to come. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final Lab lab;
  private final KeepaliveServer server;
  private final KeepaliveMonitor monitor;

  private FastLab(Lab lab, KeepaliveServer server, KeepaliveMonitor monitor) {
    this.lab = lab;
    this.server = server;
    this.monitor = monitor;
  }

  static FastLab open() throws Exception {
    return open(KeepaliveServer.builder());
  }

  static FastLab open(KeepaliveServer.Builder server) throws Exception {
    Lab lab = Lab.open();
    return new FastLab(
        lab,
        lab.source().call(() -> server.open(new InetSocketAddress(PORT))),
        lab.backup().call(KeepaliveMonitor::open));
  }

  Lab lab() {
    return lab;
  }

  Host source() {
    return lab.source();
  }

  Host backup() {
    return lab.backup();
  }

  KeepaliveServer server() {
    return server;
  }

  KeepaliveMonitor monitor() {
    return monitor;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(lab.source().ipv4(), PORT);
  }

  KeepaliveSocket connect(KeepaliveOptions options) throws Exception {
    return lab.backup().call(() -> KeepaliveSocket.connect(address(), options));
  }

  FastLink watch(KeepaliveOptions options) throws Exception {
    return FastLink.watch(monitor, connect(options));
  }

  FastLink watch(Duration budget) throws Exception {
    return watch(KeepaliveOptions.detectWithin(budget));
  }

  @Override
  public void close() throws IOException {
    monitor.close();
    server.close();
    lab.close();
  }
}
