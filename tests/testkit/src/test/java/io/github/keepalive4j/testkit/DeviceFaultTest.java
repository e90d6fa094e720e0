package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Traffic.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class DeviceFaultTest {
  private Lab lab;
  private Host source;
  private Host backup;

  @BeforeEach
  void openLab() throws IOException {
    lab = Lab.open();
    source = lab.source();
    backup = lab.backup();
  }

  @AfterEach
  void closeLab() throws IOException {
    lab.close();
  }

  @Test
  void removeAddressCutsAndIsRestored() throws Exception {
    String before = addressesAndRoutes();
    Fault fault = source.removeAddress();
    assertFalse(addressesAndRoutes().contains("198.18.0.1"));
    Traffic.assertLost(source, backup);
    Traffic.assertLost(backup, source);
    fault.close();
    assertEquals(before, addressesAndRoutes());
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void linkDownCutsAndIsRestored() throws Exception {
    String before = addressesAndRoutes();
    Fault fault = source.linkDown();
    assertFalse(hasCarrier(backup));
    Traffic.assertLostBothWays(source, backup);
    fault.close();
    assertTrue(hasCarrier(backup));
    assertEquals(before, addressesAndRoutes());
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void linkDownOnEitherSideKeepsTheLinkDown() throws Exception {
    Fault atSource = source.linkDown();
    Fault atBackup = backup.linkDown();
    atSource.close();
    assertFalse(hasCarrier(source));
    Traffic.assertLostBothWays(source, backup);
    atBackup.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void linkDownBehindABridgeIsNotSeenByOthers() throws Exception {
    try (Lab three = Lab.open("a", "b", "c")) {
      Fault fault = three.host("a").linkDown();
      assertTrue(hasCarrier(three.host("b")));
      Traffic.assertLostBothWays(three.host("a"), three.host("b"));
      Traffic.assertPassesBothWays(three.host("b"), three.host("c"));
      fault.close();
      Traffic.assertPassesBothWays(three.host("a"), three.host("b"));
    }
  }

  @Test
  void addressesAndRoutesOfTheUsersOwnAreRestored() throws Exception {
    source.run("ip", "address", "add", "198.18.0.100/24", "dev", source.device());
    source.run("ip", "address", "add", "fd00:198:18::100/64", "dev", source.device(), "nodad");
    source.run("ip", "route", "add", "198.19.0.0/24", "via", backup.ipv4().getHostAddress());
    source.run(
        "ip", "-6", "route", "add", "fd00:198:19::/64", "via", backup.ipv6().getHostAddress());
    source.run("ip", "route", "add", "198.19.1.0/24", "via", "198.18.0.2", "src", "198.18.0.1");
    String before = addressesAndRoutes();
    source.removeAddress().close();
    assertEquals(sorted(before), sorted(addressesAndRoutes()));
    source.linkDown().close();
    assertEquals(sorted(before), sorted(addressesAndRoutes()));
  }

  @Test
  void configurationFaultsAreUndoneInAnyOrder() throws Exception {
    String before = addressesAndRoutes();
    Fault down = source.linkDown();
    Fault downToo = source.linkDown();
    downToo.close();
    Fault removed = source.removeAddress();
    down.close();
    assertFalse(addressesAndRoutes().contains("198.18.0.1"));
    removed.close();
    assertEquals(before, addressesAndRoutes());

    removed = source.removeAddress();
    down = source.linkDown();
    removed.close();
    Traffic.assertLostBothWays(source, backup);
    down.close();
    assertEquals(before, addressesAndRoutes());
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void queueFullDropsWhatIsSent() throws Exception {
    Fault fault = source.queueFull();
    Fault again = source.queueFull();
    Traffic.assertLost(source, backup);
    fault.close();
    Traffic.assertLost(source, backup);
    assertTrue(source.run("tc", "-s", "qdisc", "show", "dev", source.device()).contains("pfifo"));
    again.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void queueFullSparesAQueueOfTheUsersOwn() throws Exception {
    source.run("tc", "qdisc", "add", "dev", source.device(), "root", "pfifo", "limit", "77");
    assertThrows(CommandException.class, source::queueFull);
    assertTrue(source.run("tc", "qdisc", "show", "dev", source.device()).contains("limit 77p"));
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void killSocketsEndsTheConnectionsToAPeer() throws Exception {
    for (InetAddress address : List.of(source.ipv4(), source.ipv6())) {
      try (Connection killed = Connection.open(backup, source, address)) {
        assertEquals(1, backup.killSockets(source));
        assertReadFails("Software caused connection abort", killed.client());
        assertReadFails("Connection reset", killed.server());
      }
    }
    assertEquals(0, backup.killSockets(source));
  }

  @Test
  void killSocketsEndsTheConnectionsToAPort() throws Exception {
    for (InetAddress address : List.of(source.ipv4(), source.ipv6())) {
      try (Connection killed = Connection.open(backup, source, address);
          Connection spared = Connection.open(backup, source, address)) {
        assertEquals(
            1, backup.killSockets(new InetSocketAddress(address, killed.client().getPort())));
        assertReadFails("Software caused connection abort", killed.client());
        spared.client().getOutputStream().write(5);
        assertEquals(5, spared.server().getInputStream().read());
      }
    }
  }

  private static void assertReadFails(String message, Socket socket) {
    SocketException failure =
        assertThrows(SocketException.class, () -> socket.getInputStream().read());
    assertEquals(message, failure.getMessage());
  }

  private static boolean hasCarrier(Host host) throws Exception {
    return host.run("ip", "-o", "link", "show", "dev", host.device()).contains("LOWER_UP");
  }

  private String addressesAndRoutes() throws Exception {
    return source.run("ip", "-o", "address", "show", "dev", source.device(), "scope", "global")
        + source.run("ip", "route")
        + source.run("ip", "-6", "route");
  }

  private static List<String> sorted(String text) {
    return text.lines().sorted().toList();
  }
}
