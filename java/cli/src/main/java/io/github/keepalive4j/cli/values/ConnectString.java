package io.github.keepalive4j.cli.values;

import org.apache.zookeeper.client.ConnectStringParser;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses {@code zk1:2181,zk2:2181,zk3:2181}, with an optional path on the ensemble. */
public final class ConnectString implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    int path = text.indexOf('/');
    String servers = path < 0 ? text : text.substring(0, path);
    if (servers.isEmpty()) {
      throw new TypeConversionException("'" + text + "' is not HOST:PORT,HOST:PORT,...[/PATH]");
    }
    HostAndPort.Converter server = new HostAndPort.Converter();
    for (String each : servers.split(",", -1)) {
      server.convert(each);
    }
    try {
      ConnectStringParser unused = new ConnectStringParser(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "'" + text + "' is not HOST:PORT,HOST:PORT,...[/PATH]: " + e.getMessage());
    }
    return text;
  }
}
