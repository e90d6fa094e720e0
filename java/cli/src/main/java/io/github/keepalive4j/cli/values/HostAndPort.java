package io.github.keepalive4j.cli.values;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A source's address as the user wrote it. */
public record HostAndPort(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<ipv6>[^\\[\\]]+)]|(?<name>[^:\\[\\]]+)):(?<port>\\d{1,5})");

  /** Resolves the name again, because it may have moved. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  /** Parses {@code host:9999}, {@code 192.0.2.1:9999} and {@code [2001:db8::1]:9999}. */
  public static final class Converter implements ITypeConverter<HostAndPort> {
    @Override
    public HostAndPort convert(String text) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        throw refusal(text);
      }
      int port = Integer.parseInt(form.group("port"));
      if (port < 1 || port > MAX_PORT) {
        throw refusal(text);
      }
      String ipv6 = form.group("ipv6");
      return new HostAndPort(ipv6 == null ? form.group("name") : ipv6, port);
    }

    private static TypeConversionException refusal(String text) {
      return new TypeConversionException(
          "'" + text + "' is not HOST:PORT (IPv6 in brackets) with a port from 1 to " + MAX_PORT);
    }
  }
}
