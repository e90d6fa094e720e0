package io.github.keepalive4j.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses in their canonical form: IPv6 as RFC 5952 has it, in brackets before a port. */
public final class AddressText {
  private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(?::0)+(?![0-9a-f])");

  private AddressText() {}

  public static String of(InetSocketAddress address) {
    if (address.isUnresolved()) {
      return address.getHostString() + ":" + address.getPort();
    }
    String host = of(address.getAddress());
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }

  public static String of(InetAddress address) {
    String full = address.getHostAddress();
    return address instanceof Inet6Address ? withoutLongestZeros(full) : full;
  }

  private static String withoutLongestZeros(String full) {
    String longest = "";
    int start = 0;
    for (Matcher zeros = ZEROS.matcher(full); zeros.find(); ) {
      if (zeros.group().length() > longest.length()) {
        longest = zeros.group();
        start = zeros.start();
      }
    }
    if (longest.isEmpty()) {
      return full;
    }
    String before = full.substring(0, start);
    String after = full.substring(start + longest.length());
    return (before.isEmpty() ? ":" : before) + (after.startsWith(":") ? after : ":" + after);
  }
}
