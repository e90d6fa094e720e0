package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.IpNetwork;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which peers a rule is for. */
class SocketRuleTest {
  private static final SocketRule ANY = SocketRule.within(Duration.ofSeconds(30));

  private static InetSocketAddress peer(String address, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "10.1.2.3", "2001:db8::1"})
  void withoutANetworkItIsForEveryPeer(String address) throws Exception {
    assertTrue(ANY.matches(peer(address, 1)));
    assertTrue(ANY.matches(peer(address, 65_535)));
    assertEquals(Optional.empty(), ANY.network());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "10.0.0.0/8, ::a00:1, false",
    "2001:db8::/32, 2001:db8::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::/32, 10.0.0.1, false"
  })
  void aNetworkLimitsItToItsAddresses(String network, String address, boolean matches)
      throws Exception {
    SocketRule rule = ANY.to(IpNetwork.parse(network));
    assertEquals(matches, rule.matches(peer(address, 5432)));
    assertEquals(Optional.of(IpNetwork.parse(network)), rule.network());
    assertEquals(ANY.within(), rule.within());
  }

  @ParameterizedTest
  @CsvSource({"5431, false", "5432, true", "5440, true", "5441, false"})
  void portsLimitItToAPeersPorts(int port, boolean matches) throws Exception {
    SocketRule rule = ANY.ports(5432, 5440);
    assertEquals(matches, rule.matches(peer("10.0.0.1", port)));
    assertEquals(5432, rule.firstPort());
    assertEquals(5440, rule.lastPort());
    assertEquals(matches, rule.to(IpNetwork.parse("10.0.0.0/8")).matches(peer("10.0.0.1", port)));
  }

  @Test
  void anUnresolvedPeerMatchesNoRule() {
    assertFalse(ANY.matches(InetSocketAddress.createUnresolved("db.example", 5432)));
  }

  @ParameterizedTest
  @CsvSource({"PT3.374S, 3374ms", "PT24H0.001S, 86400001ms", "PT-1S, PT-1S"})
  void aTimeOutsideTheRangeIsRefusedWithTheReason(Duration within, String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> SocketRule.within(within));
    assertEquals(
        "within "
            + text
            + " is not from 3375ms to 1d: to survive a lost segment, keepalive takes two probes,"
            + " which are whole seconds apart",
        refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT3.375S", "PT24H"})
  void theEndsOfTheRangeAreInIt(Duration within) {
    assertEquals(within, SocketRule.within(within).within());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, first port 0 is not from 1 to 65535",
    "65536, 65536, first port 65536 is not from 1 to 65535",
    "2, 1, last port 1 is not from 2 to 65535",
    "2, 65536, last port 65536 is not from 2 to 65535"
  })
  void aPortOutsideItsRangeIsRefused(int first, int last, String message) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> ANY.ports(first, last));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void rulesAreEqualIfAllPartsAre() {
    IpNetwork network = IpNetwork.parse("10.0.0.0/8");
    SocketRule rule = ANY.to(network).ports(1, 2);
    assertEquals(rule, SocketRule.within(Duration.ofSeconds(30)).ports(1, 2).to(network));
    assertEquals(
        rule.hashCode(),
        SocketRule.within(Duration.ofSeconds(30)).ports(1, 2).to(network).hashCode());
    assertFalse(rule.equals(ANY.to(network).ports(1, 3)));
    assertFalse(rule.equals(ANY.to(network).ports(2, 2)));
    assertFalse(rule.equals(ANY.ports(1, 2)));
    assertFalse(rule.equals(SocketRule.within(Duration.ofSeconds(31)).to(network).ports(1, 2)));
  }
}
