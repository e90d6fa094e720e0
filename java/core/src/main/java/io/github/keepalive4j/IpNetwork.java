package io.github.keepalive4j;

import io.github.keepalive4j.internal.AddressText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network of IPv4 or IPv6 addresses in CIDR notation (RFC 4632, RFC 4291), such as {@code
 * 192.0.2.0/24} and {@code 2001:db8::/32}. Immutable.
 *
 * <p>An IPv4-mapped IPv6 address ({@code ::ffff:192.0.2.1}) counts as the IPv4 address in it: that
 * is how a listener on an IPv6 address sees IPv4 peers.
 */
public final class IpNetwork {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;
  private static final Pattern FORM =
      Pattern.compile("(?<address>[0-9A-Fa-f.:]+)(/(?<prefix>\\d{1,3}))?");

  /** Without leading zeros, which some programs read as octal. */
  private static final Pattern IPV4 = Pattern.compile("((0|[1-9]\\d{0,2})(\\.(?!$)|$)){4}");

  private final InetAddress address;
  private final int prefixLength;

  private IpNetwork(InetAddress address, int prefixLength) {
    this.address = address;
    this.prefixLength = prefixLength;
  }

  /**
   * Reads a network. No name is looked up.
   *
   * @param text an address with the prefix's length, {@code 192.0.2.0/24}, or an address alone,
   *     which stands for itself
   * @throws IllegalArgumentException if {@code text} is neither, the prefix's length isn't from 0
   *     to 32 (IPv6: 128), or the address has bits beyond the prefix
   */
  public static IpNetwork parse(String text) {
    Matcher form = FORM.matcher(Objects.requireNonNull(text, "text"));
    if (!form.matches()) {
      throw noNetwork(text);
    }
    boolean ipv6 = form.group("address").contains(":");
    InetAddress address =
        ipv6 ? ipv6(text, form.group("address")) : ipv4(text, form.group("address"));
    String prefix = form.group("prefix");
    int writtenBits = ipv6 ? IPV6_BITS : IPV4_BITS;
    int length = prefix == null ? writtenBits : Integer.parseInt(prefix);
    return of(text, address, length, writtenBits);
  }

  /**
   * Makes a network.
   *
   * @param address its first address
   * @param prefixLength how many bits its addresses have in common: 0 to 32, IPv6: to 128
   * @throws IllegalArgumentException if {@code prefixLength} is outside that range, or the address
   *     has bits beyond the prefix
   */
  public static IpNetwork of(InetAddress address, int prefixLength) {
    String text = AddressText.of(Objects.requireNonNull(address, "address")) + "/" + prefixLength;
    return of(text, address, prefixLength, bits(address));
  }

  private static IpNetwork of(String text, InetAddress address, int prefixLength, int writtenBits) {
    if (prefixLength < 0 || prefixLength > writtenBits) {
      throw new IllegalArgumentException(
          "network \"" + text + "\" has a prefix length that is not from 0 to " + writtenBits);
    }
    int mappedBits = writtenBits - bits(address); // the JDK makes an IPv4 address of a mapped one
    if (prefixLength < mappedBits) {
      throw new IllegalArgumentException(
          "network \""
              + text
              + "\" has a prefix length that is not from "
              + mappedBits
              + " to "
              + writtenBits
              + ", as IPv4-mapped addresses have");
    }
    IpNetwork network =
        new IpNetwork(masked(address, prefixLength - mappedBits), prefixLength - mappedBits);
    if (!network.address.equals(withoutScope(address))) {
      throw new IllegalArgumentException(
          "network \"" + text + "\" has bits beyond its prefix: " + network + " has none");
    }
    return network;
  }

  private static InetAddress ipv4(String text, String address) {
    if (!IPV4.matcher(address).matches()) {
      throw noNetwork(text);
    }
    byte[] octets = new byte[IPV4_BITS / Byte.SIZE];
    String[] numbers = address.split("\\.", -1);
    for (int i = 0; i < octets.length; i++) {
      int octet = Integer.parseInt(numbers[i]);
      if (octet > 255) {
        throw noNetwork(text);
      }
      octets[i] = (byte) octet;
    }
    return ofOctets(octets);
  }

  private static InetAddress ipv6(String text, String address) {
    try {
      return InetAddress.getByName(address); // looks up nothing that has a colon
    } catch (UnknownHostException e) {
      throw noNetwork(text);
    }
  }

  private static IllegalArgumentException noNetwork(String text) {
    return new IllegalArgumentException(
        "\"" + text + "\" is not a network such as 192.0.2.0/24 or 2001:db8::/32");
  }

  private static int bits(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  private static InetAddress withoutScope(InetAddress address) {
    return ofOctets(address.getAddress());
  }

  private static InetAddress masked(InetAddress address, int prefixLength) {
    byte[] octets = address.getAddress();
    for (int i = 0; i < octets.length; i++) {
      int kept = Math.max(0, Math.min(Byte.SIZE, prefixLength - i * Byte.SIZE));
      octets[i] &= (byte) (0xFF00 >> kept);
    }
    return ofOctets(octets);
  }

  /** The JDK turns the 16 octets of an IPv4-mapped address into an {@link Inet4Address}. */
  private static InetAddress ofOctets(byte[] octets) {
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 octets are an address", e);
    }
  }

  /**
   * Tells whether an address is in this network. A network of one family contains no address of the
   * other.
   *
   * @param candidate the address; a scope (as in {@code fe80::1%eth0}) doesn't matter
   */
  public boolean contains(InetAddress candidate) {
    InetAddress plain = withoutScope(Objects.requireNonNull(candidate, "candidate"));
    return bits(plain) == bits(address) && masked(plain, prefixLength).equals(address);
  }

  /**
   * Returns the network's first address.
   *
   * @return the address, whose bits beyond the prefix are 0
   */
  public InetAddress address() {
    return address;
  }

  /**
   * Returns how many bits the network's addresses have in common.
   *
   * @return the prefix's length: 0 to 32, IPv6: to 128
   */
  public int prefixLength() {
    return prefixLength;
  }

  /**
   * Tells whether this is a network of IPv4 addresses.
   *
   * @return false for IPv6
   */
  public boolean isIpv4() {
    return address instanceof Inet4Address;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpNetwork network
        && prefixLength == network.prefixLength
        && address.equals(network.address);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(address.getAddress()), prefixLength);
  }

  /** Returns the network in CIDR notation, IPv6 as RFC 5952 has it. */
  @Override
  public String toString() {
    return AddressText.of(address) + "/" + prefixLength;
  }
}
