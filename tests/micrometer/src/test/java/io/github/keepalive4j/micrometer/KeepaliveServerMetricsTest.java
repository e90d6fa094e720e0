package io.github.keepalive4j.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.ServerListener;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A source's metrics, while backups come and go. */
@Timeout(60)
class KeepaliveServerMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Semaphore connected = new Semaphore(0);
  private final Semaphore violated = new Semaphore(0);

  @Test
  void backupsAndViolationsAreCounted() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerListener listener =
        new ServerListener() {
          @Override
          public void onConnected(BackupUpdate update) {
            connected.release();
          }

          @Override
          public void onDisconnected(BackupUpdate update) {
            update.octet().ifPresent(octet -> violated.release());
          }
        };
    try (KeepaliveServer server =
        KeepaliveServer.builder().listener(listener).open(new InetSocketAddress(loopback, 0))) {
      new KeepaliveServerMetrics(server, Tags.of("site", "a")).bindTo(registry);
      int port = server.localAddress().getPort();
      try (Socket backup = new Socket(loopback, port);
          Socket violator = new Socket(loopback, port)) {
        connected.acquire(2);
        assertEquals(2, backups());
        assertEquals(0, violations());
        violator.getOutputStream().write('?');
        violated.acquire();
        assertEquals(1, backups());
        assertEquals(1, violations());
        assertEquals(-1, violator.getInputStream().read());
        assertEquals(0, backup.getInputStream().available());
      }
    }
    assertEquals(0, backups());
  }

  @Test
  void refusalsAreCounted() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (KeepaliveServer server =
        KeepaliveServer.builder()
            .allow(List.of(IpNetwork.parse("192.0.2.0/24")))
            .open(new InetSocketAddress(loopback, 0))) {
      new KeepaliveServerMetrics(server, Tags.of("site", "a")).bindTo(registry);
      assertEquals(0, refusals());
      try (Socket stranger = new Socket(loopback, server.localAddress().getPort())) {
        assertEquals('G', stranger.getInputStream().read());
        assertEquals(-1, stranger.getInputStream().read());
      }
      assertEquals(1, refusals());
      assertEquals(0, backups());
      assertEquals(0, violations());
    }
  }

  private double refusals() {
    return registry.get("keepalive.server.refusals").tag("site", "a").functionCounter().count();
  }

  private double backups() {
    return registry.get("keepalive.server.backups").tag("site", "a").gauge().value();
  }

  private double violations() {
    return registry.get("keepalive.server.violations").functionCounter().count();
  }
}
