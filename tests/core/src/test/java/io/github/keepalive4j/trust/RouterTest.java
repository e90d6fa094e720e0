package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Segments that came through a router. */
@InLab
class RouterTest {
  private static final String FAR_SOURCE = "198.19.0.1";
  private static final String FAR_BACKUP = "198.19.0.2";
  private static final String FAR_SOURCE_6 = "fd00:198:19::1";
  private static final String FAR_BACKUP_6 = "fd00:198:19::2";
  private static final Duration DEAF = Duration.ofMillis(500);

  /** Gives two hosts addresses that reach each other through the third alone. */
  private static void route(Lab lab) throws Exception {
    Host router = lab.host("router");
    router.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    router.run("sysctl", "-q", "-w", "net.ipv4.conf.all.send_redirects=0");
    router.run("sysctl", "-q", "-w", "net.ipv4.conf.eth0.send_redirects=0");
    String via = router.ipv4().getHostAddress();
    String via6 = router.ipv6().getHostAddress();
    attach(lab.host("source"), FAR_SOURCE, FAR_BACKUP, via);
    attach(lab.host("source"), FAR_SOURCE_6, FAR_BACKUP_6, via6);
    attach(lab.host("backup"), FAR_BACKUP, FAR_SOURCE, via);
    attach(lab.host("backup"), FAR_BACKUP_6, FAR_SOURCE_6, via6);
    Host source = lab.host("source");
    Host backup = lab.host("backup");
    routeTo(router, FAR_SOURCE, source.ipv4().getHostAddress());
    routeTo(router, FAR_SOURCE_6, source.ipv6().getHostAddress());
    routeTo(router, FAR_BACKUP, backup.ipv4().getHostAddress());
    routeTo(router, FAR_BACKUP_6, backup.ipv6().getHostAddress());
  }

  private static void routeTo(Host router, String address, String neighbour) throws Exception {
    router.run("ip", "route", "add", address, "via", neighbour);
  }

  private static void attach(Host host, String own, String other, String via) throws Exception {
    host.run("ip", "address", "add", own, "dev", host.device());
    host.run("ip", "route", "add", other, "via", via, "src", own);
  }

  private static KeepaliveSocket connect(Lab lab, String to, boolean singleHop) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().singleHop(singleHop).build();
    InetSocketAddress source = new InetSocketAddress(to, AttackLab.PORT);
    return lab.host("backup").call(() -> KeepaliveSocket.connect(source, options, DEAF));
  }

  private static void assertHeard(Lab lab, String to, boolean singleHop) throws Exception {
    try (KeepaliveSocket link = connect(lab, to, singleHop)) {
      TransportLink.of(link).handshake(10_000);
      assertEquals(singleHop, link.effectiveOptions().singleHop());
    }
  }

  private static void assertNotHeard(Lab lab, String to, boolean singleHop) {
    assertThrows(SocketTimeoutException.class, () -> connect(lab, to, singleHop));
  }

  @Test
  void aSingleHopLinkIgnoresWhatCameThroughARouter() throws Exception {
    try (Lab lab = Lab.open("source", "backup", "router")) {
      route(lab);
      String near = lab.host("source").ipv4().getHostAddress();
      String near6 = lab.host("source").ipv6().getHostAddress();
      try (KeepaliveServer open = serve(lab, false)) {
        for (String to : new String[] {near, near6, FAR_SOURCE, FAR_SOURCE_6}) {
          assertHeard(lab, to, false);
        }
        assertNotHeard(lab, FAR_SOURCE, true);
        assertNotHeard(lab, FAR_SOURCE_6, true);
        assertEquals(0, open.refusals());
      }
      try (KeepaliveServer closed = serve(lab, true)) {
        assertHeard(lab, near, true);
        assertHeard(lab, near6, true);
        for (boolean singleHop : new boolean[] {false, true}) {
          assertNotHeard(lab, FAR_SOURCE, singleHop);
          assertNotHeard(lab, FAR_SOURCE_6, singleHop);
        }
        assertEquals(0, closed.refusals());
      }
    }
  }

  private static KeepaliveServer serve(Lab lab, boolean singleHop) throws Exception {
    KeepaliveServer.Builder builder = KeepaliveServer.builder().singleHop(singleHop);
    return lab.host("source").call(() -> builder.open(new InetSocketAddress("::", AttackLab.PORT)));
  }
}
