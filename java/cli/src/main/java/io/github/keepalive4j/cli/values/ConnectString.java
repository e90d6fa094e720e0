package io.github.keepalive4j.cli.values;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Parses {@code zk1:2181,zk2:2181,zk3:2181}, with an optional path on the ensemble. */
public final class ConnectString implements ITypeConverter<String> {
  private static final Pattern FORM = Pattern.compile("(?<servers>[^/]+)(/[^/]+)*");

  @Override
  public String convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new TypeConversionException("'" + text + "' is not HOST:PORT,HOST:PORT,...[/PATH]");
    }
    HostAndPort.Converter server = new HostAndPort.Converter();
    for (String each : form.group("servers").split(",", -1)) {
      server.convert(each);
    }
    return text;
  }
}
