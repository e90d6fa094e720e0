package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Traffic.Connection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresLab
class PacketFaultTest {
  private static final int CLOSED_PORT = 9;

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
  void dropCutsBothDirections() throws Exception {
    Fault fault = source.drop();
    Traffic.assertLostBothWays(source, backup);
    fault.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void dropIncomingCutsOneDirection() throws Exception {
    Fault fault = source.dropIncoming();
    Traffic.assertLost(backup, source);
    Traffic.assertPasses(source, backup);
    fault.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void dropOutgoingCutsOneDirection() throws Exception {
    Fault fault = source.dropOutgoing();
    Traffic.assertLost(source, backup);
    Traffic.assertPasses(backup, source);
    fault.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void dropLeavesTheHostItself() throws Exception {
    Fault fault = source.drop();
    Traffic.assertPasses(source, source);
    fault.close();
  }

  @Test
  void aSilentCutEndsAConnectionByKeepalive() throws Exception {
    for (InetAddress address : List.of(source.ipv4(), source.ipv6())) {
      try (Connection connection = Connection.open(backup, source, address)) {
        Socket client = connection.client();
        client.setSoTimeout(10_000);
        client.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1);
        client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 1);
        client.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1);
        client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        Fault cut = source.drop();
        SocketException failure =
            assertThrows(SocketException.class, () -> client.getInputStream().read());
        assertEquals("Connection timed out", failure.getMessage());
        cut.close();
      }
    }
  }

  @Test
  void aConnectionSurvivesAShortCut() throws Exception {
    try (Connection connection = Connection.open(backup, source, source.ipv4())) {
      Fault cut = backup.drop();
      connection.client().getOutputStream().write(5);
      cut.close();
      connection.server().setSoTimeout(10_000);
      assertEquals(5, connection.server().getInputStream().read());
    }
  }

  @Test
  void rejectTellsTheSender() throws Exception {
    Fault fault = source.reject();
    assertConnectThrows(NoRouteToHostException.class, source.ipv4());
    assertConnectThrows(NoRouteToHostException.class, source.ipv6());
    Traffic.assertPasses(source, backup);
    fault.close();
    assertConnectThrows(ConnectException.class, source.ipv4());
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void rejectAnswersEachPacket() throws Exception {
    Fault fault = source.reject();
    assertEquals(0, Traffic.arrivals(backup, source, 30));
    assertEquals(30, counter(source, "IcmpOutDestUnreachs"));
    assertEquals(30, counter(backup, "IcmpInDestUnreachs"));
    fault.close();
  }

  @Test
  void lossyLosesTheGivenShare() throws Exception {
    Fault half = source.lossy(50);
    assertAbout(100, Traffic.arrivals(source, backup, 200));
    assertAbout(100, Traffic.arrivals(backup, source, 200));
    half.close();
    assertEquals(200, Traffic.arrivals(source, backup, 200));
  }

  @Test
  void lossyInOneDirectionLeavesTheOther() throws Exception {
    Fault incoming = source.lossyIncoming(100);
    Traffic.assertLost(backup, source);
    Traffic.assertPasses(source, backup);
    incoming.close();
    Fault outgoing = source.lossyOutgoing(100);
    Traffic.assertLost(source, backup);
    Traffic.assertPasses(backup, source);
    outgoing.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void lossOfNothingIsPossible() throws Exception {
    Fault none = source.lossy(0);
    assertEquals(200, Traffic.arrivals(source, backup, 200));
    none.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, -0.01, 100.01, Double.NaN})
  void anImpossibleShareIsRefused(double percent) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> source.lossy(percent)).getMessage();
    assertEquals("percent " + percent + " is not from 0 to 100", message);
  }

  @Test
  void faultsAreUndoneInAnyOrder() throws Exception {
    Fault first = source.dropIncoming();
    Fault second = source.dropIncoming();
    Fault third = backup.drop();
    third.close();
    Traffic.assertLost(backup, source);
    first.close();
    first.close();
    Traffic.assertLost(backup, source);
    Traffic.assertPasses(source, backup);
    second.close();
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void aFaultTellsWhenItTookEffect() throws Exception {
    long beforeNs = System.nanoTime();
    Fault fault = source.drop();
    long afterNs = System.nanoTime();
    fault.close();
    assertTrue(beforeNs <= fault.startedNs());
    assertTrue(fault.startedNs() < fault.effectiveNs());
    assertTrue(fault.effectiveNs() <= afterNs);
    assertEquals("source drops all", fault.toString());
  }

  @Test
  void anInterruptDoesNotLeaveAFaultHalfInflicted() throws Exception {
    Thread.currentThread().interrupt();
    Fault fault = source.drop();
    fault.close();
    assertTrue(Thread.interrupted());
    Traffic.assertPassesBothWays(source, backup);
  }

  @Test
  void aFaultCanBeLimitedToOnePeer() throws Exception {
    try (Lab three = Lab.open("a", "b", "c")) {
      Host a = three.host("a");
      Host b = three.host("b");
      Host c = three.host("c");
      assertCutBetween(a.drop(b), a, b, c);

      Fault from = a.dropFrom(b);
      Traffic.assertLost(b, a);
      Traffic.assertPasses(a, b);
      Traffic.assertPasses(c, a);
      from.close();

      Fault to = a.dropTo(b);
      Traffic.assertLost(a, b);
      Traffic.assertPasses(b, a);
      Traffic.assertPasses(a, c);
      to.close();

      Fault reject = a.rejectFrom(b);
      Traffic.assertLost(b, a);
      Traffic.assertPassesBothWays(a, c);
      reject.close();
      Traffic.assertPassesBothWays(a, b);
    }
  }

  @Test
  void aFaultOfOneHostLeavesTheOthersConnected() throws Exception {
    try (Lab three = Lab.open("a", "b", "c")) {
      Fault cut = three.host("a").drop();
      Traffic.assertLostBothWays(three.host("a"), three.host("b"));
      Traffic.assertLostBothWays(three.host("a"), three.host("c"));
      Traffic.assertPassesBothWays(three.host("b"), three.host("c"));
      cut.close();
      Traffic.assertPassesBothWays(three.host("a"), three.host("c"));
    }
  }

  @Test
  void aHostIsNotItsOwnPeer() {
    assertThrows(IllegalArgumentException.class, () -> source.drop(source));
  }

  @Test
  void aHostOfAnotherLabIsNoPeer() throws Exception {
    try (Lab other = Lab.open()) {
      assertThrows(IllegalArgumentException.class, () -> source.dropFrom(other.backup()));
    }
  }

  private void assertConnectThrows(Class<? extends IOException> expected, InetAddress to) {
    IOException thrown =
        assertThrows(
            IOException.class,
            () -> Traffic.connect(backup, new InetSocketAddress(to, CLOSED_PORT)));
    assertEquals(expected, thrown.getClass(), thrown::toString);
  }

  private static int counter(Host host, String name) throws Exception {
    String counters = host.run("nstat", "-a", "-z", "-s", name);
    return Integer.parseInt(counters.lines().skip(1).findFirst().orElseThrow().split("\\s+", 3)[1]);
  }

  private static void assertCutBetween(Fault fault, Host a, Host b, Host c) throws Exception {
    Traffic.assertLostBothWays(a, b);
    Traffic.assertPassesBothWays(a, c);
    Traffic.assertPassesBothWays(b, c);
    fault.close();
    Traffic.assertPassesBothWays(a, b);
  }

  /** At a loss of one half, a deviation of 50 in 200 is out of reach. */
  private static void assertAbout(int expected, int actual) {
    assertTrue(Math.abs(expected - actual) < 50, () -> actual + " is not about " + expected);
  }
}
