package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.IpNetwork;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks in CIDR notation. */
class IpNetworkTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0,           0.0.0.0/0",
    "192.0.2.0/24,        192.0.2.0/24",
    "192.0.2.128/25,      192.0.2.128/25",
    "192.0.2.7,           192.0.2.7/32",
    "192.0.2.255,         192.0.2.255/32",
    "192.0.2.7/32,        192.0.2.7/32",
    "::/0,                ::/0",
    "2001:DB8::/32,       2001:db8::/32",
    "2001:db8::1,         2001:db8::1/128",
    "2001:db8:8000::/33,  2001:db8:8000::/33",
    "::ffff:192.0.2.0/120, 192.0.2.0/24",
    "::ffff:192.0.2.7,    192.0.2.7/32",
    "::ffff:0.0.0.0/96,   0.0.0.0/0",
  })
  void aNetworkIsReadAndWritten(String text, String canonical) {
    IpNetwork network = IpNetwork.parse(text);
    assertEquals(canonical, network.toString());
    assertEquals(network, IpNetwork.parse(canonical));
    assertEquals(network.hashCode(), IpNetwork.parse(canonical).hashCode());
    assertEquals(network, IpNetwork.of(network.address(), network.prefixLength()));
    assertEquals(canonical.contains("."), network.isIpv4());
    assertNotEquals(0, network.hashCode());
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24,  192.0.2.0,          true",
    "192.0.2.0/24,  192.0.2.255,        true",
    "192.0.2.0/24,  192.0.3.0,          false",
    "192.0.2.0/24,  192.0.1.255,        false",
    "192.0.2.0/23,  192.0.3.255,        true",
    "192.0.2.7,     192.0.2.7,          true",
    "192.0.2.7,     192.0.2.6,          false",
    "0.0.0.0/0,     255.255.255.255,    true",
    "0.0.0.0/0,     ::1,                false",
    "::/0,          192.0.2.7,          false",
    "::/0,          2001:db8::1,        true",
    "2001:db8::/33, 2001:db8:7fff::1,   true",
    "2001:db8::/33, 2001:db8:8000::1,   false",
    "::1,           ::1,                true",
    "::1,           ::2,                false"
  })
  void itContainsTheAddressesThatShareItsPrefix(String network, String address, boolean inside)
      throws Exception {
    assertEquals(inside, IpNetwork.parse(network).contains(InetAddress.getByName(address)));
  }

  @Test
  void aScopeAndAMappedFormDoNotMatter() throws Exception {
    byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
    Inet6Address scoped = Inet6Address.getByAddress(null, linkLocal, 1);
    assertTrue(IpNetwork.parse("fe80::/10").contains(scoped));
    assertEquals("fe80::1/128", IpNetwork.of(scoped, 128).toString());
    byte[] mapped = new byte[16];
    mapped[10] = mapped[11] = (byte) 0xFF;
    mapped[12] = 127;
    Inet6Address asIpv6 = Inet6Address.getByAddress(null, mapped, 0);
    assertTrue(IpNetwork.parse("127.0.0.0/8").contains(asIpv6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/24",
        "192.0.2",
        "192.0.2.0.0",
        "192.0.2.",
        "192.0.2.256",
        "192.0.2.010",
        "192.0.2.0/",
        "192.0.2.0/-1",
        "192.0.2.0/24/24",
        "192.0.2.0 /24",
        "2001:db8::/32 ",
        "2001:db8",
        "2001:db8:::",
        "fe80::1%lo",
        "localhost",
        "dead.beef"
      })
  void whatIsNoNetworkIsNamed(String text) {
    String message = refusal(text);
    assertEquals(
        "\"" + text + "\" is not a network such as 192.0.2.0/24 or 2001:db8::/32", message);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/33,           0 to 32",
    "0.0.0.0/999,            0 to 32",
    "2001:db8::/129,         0 to 128",
    "::ffff:192.0.2.0/95,    96 to 128",
    "::ffff:192.0.2.0/129,   0 to 128"
  })
  void aPrefixThatIsTooLongIsNamedWithItsRange(String text, String range) {
    String message = refusal(text);
    assertTrue(message.contains("\"" + text + "\""), message);
    assertTrue(message.contains(range), message);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1/24, 192.0.2.0/24",
    "2001:db8::1/64, 2001:db8::/64",
    "::ffff:192.0.2.1/120, 192.0.2.0/24",
    "1.2.3.4/0, 0.0.0.0/0"
  })
  void bitsBeyondThePrefixAreNoNetwork(String text, String meant) {
    assertEquals(
        "network \"" + text + "\" has bits beyond its prefix: " + meant + " has none",
        refusal(text));
  }

  private static String refusal(String text) {
    return assertThrows(IllegalArgumentException.class, () -> IpNetwork.parse(text)).getMessage();
  }

  @Test
  void networksOfOneAddressDifferByTheirPrefix() {
    assertNotEquals(IpNetwork.parse("10.0.0.0/8"), IpNetwork.parse("10.0.0.0/16"));
    assertNotEquals(IpNetwork.parse("0.0.0.0/0"), IpNetwork.parse("::/0"));
  }
}
