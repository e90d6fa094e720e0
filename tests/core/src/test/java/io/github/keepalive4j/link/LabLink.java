package io.github.keepalive4j.link;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;

/** Two hosts with a watched link between them: to a server of this JVM's on the source's host. */
final class LabLink implements AutoCloseable {
  final Lab lab;
  final KeepaliveServer server;
  final KeepaliveMonitor monitor;
  final KeepaliveSocket link;
  final Recorder recorder = new Recorder();

  private LabLink(Function<Host, InetAddress> address, KeepaliveOptions options) throws Exception {
    lab = Lab.open();
    InetAddress target = address.apply(lab.source());
    server = lab.source().call(() -> open(new InetSocketAddress(target, 0)));
    monitor = KeepaliveMonitor.open();
    link = lab.backup().call(() -> KeepaliveSocket.connect(server.localAddress(), options));
    monitor.watch(link, recorder, recorder);
    recorder.await("up");
  }

  /** A source that probes each second: the kernel hears of no rejection of a keepalive probe. */
  private static KeepaliveServer open(InetSocketAddress address) throws IOException {
    return KeepaliveServer.builder().shedAfter(Duration.ofSeconds(30)).open(address);
  }

  static LabLink open(KeepaliveOptions options) throws Exception {
    return new LabLink(Host::ipv4, options);
  }

  static LabLink overIpv6(KeepaliveOptions options) throws Exception {
    return new LabLink(Host::ipv6, options);
  }

  Host source() {
    return lab.source();
  }

  Host backup() {
    return lab.backup();
  }

  /** Sends a byte that a source drains, so that data is in flight. */
  void probe() throws IOException {
    TransportLink.of(link).send((byte) 'P');
  }

  @Override
  public void close() throws IOException {
    monitor.close();
    server.close();
    lab.close();
  }
}
