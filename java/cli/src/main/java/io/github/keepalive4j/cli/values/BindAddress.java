package io.github.keepalive4j.cli.values;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses one of this machine's addresses, or a name for one; IPv6 may be in brackets. */
public final class BindAddress implements ITypeConverter<InetAddress> {
  @Override
  public InetAddress convert(String text) {
    if (text.isEmpty()) {
      throw refusal(text);
    }
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw refusal(text);
    }
  }

  private static TypeConversionException refusal(String text) {
    return new TypeConversionException("'" + text + "' is not an IP address or a known host name");
  }
}
