package io.github.keepalive4j.cli.values;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A command for {@code sh -c}. A blank one would do nothing and succeed. */
public final class ShellText implements ITypeConverter<String> {
  @Override
  public String convert(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("'" + text + "' is no command");
    }
    return text;
  }
}
