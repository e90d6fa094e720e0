package io.github.keepalive4j.internal.shim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.WatchSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ShimPollerTest {
  private static final int LINKS = 5;
  private static final WatchSettings BACKUP =
      WatchSettings.ofBackup(KeepaliveOptions.defaults(), 0);

  @Test
  void anEventThatFailsCostsNoOtherEventOfItsBatch() throws Exception {
    ShimPoller poller = new ShimPoller(0);
    List<ShimLink> links = failedLinks();
    for (int i = 0; i < LINKS; i++) {
      poller.watch(links.get(i), i, BACKUP);
    }
    Set<Object> handed = new TreeSet<>();
    for (int i = 0; i < LINKS; i++) {
      assertThrows(IllegalStateException.class, () -> poller.poll(1_000, throwing(handed)));
    }
    assertEquals(LINKS, handed.size());
    poller.poll(0, throwing(handed));
    poller.close();
    links.forEach(ShimLink::close);
  }

  @Test
  void anUnwatchReturnsTheFinalEventThatIsUnderWay() throws Exception {
    ShimPoller poller = new ShimPoller(0);
    List<ShimLink> links = failedLinks();
    for (int i = 0; i < LINKS; i++) {
      poller.watch(links.get(i), i, BACKUP);
    }
    List<LinkEvent> told = new ArrayList<>();
    Set<Object> handed = new TreeSet<>();
    Poller.Handler takingAllBack =
        (attachment, event) -> {
          handed.add(attachment);
          for (int i = 0; i < LINKS && handed.size() == 1; i++) {
            told.add(poller.unwatch(links.get(i), i));
          }
        };
    poller.poll(1_000, takingAllBack);
    assertEquals(LINKS, handed.size(), "handed over all the same");
    assertEquals(
        Collections.nCopies(LINKS, FailureCause.CLOSED),
        told.stream().map(LinkEvent::cause).toList(),
        "the one that is being handed over, too");
    poller.close();
    links.forEach(ShimLink::close);
  }

  /** The connection exists until it is closed, and goes on changing. */
  @Test
  void evidenceAfterAFinIsOfTheVerdict() throws Exception {
    ShimPoller poller = new ShimPoller(0);
    List<ShimLink> links = failedLinks();
    List<LinkEvent> told = new ArrayList<>();
    poller.watch(links.get(0), 0, BACKUP);
    poller.poll(1_000, (attachment, event) -> told.add(event));
    Shim.ka_shutdown(links.get(0).number());
    assertEquals(TcpInfo.State.CLOSE_WAIT, told.get(0).evidence().tcpInfo().state());
    poller.close();
    links.forEach(ShimLink::close);
  }

  private static Poller.Handler throwing(Set<Object> handed) {
    return (attachment, event) -> {
      handed.add(attachment);
      throw new IllegalStateException("trouble");
    };
  }

  private static List<ShimLink> failedLinks() throws Exception {
    List<ShimLink> links = new ArrayList<>();
    try (ServerSocket source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
      for (int i = 0; i < LINKS; i++) {
        ShimLink link = new ShimLink();
        link.connect(address, KeepaliveOptions.defaults(), 10_000);
        source.accept().close();
        links.add(link);
      }
    }
    return links;
  }
}
