package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.values.TextFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A command's options in a file, one a line. */
final class ConfigFile {
  static final String OPTION = "--config";

  /** The name of a command's positional parameter. */
  private static final String SOURCE = "source";

  /** How this JVM hands arguments and paths to the kernel. */
  private static final Charset LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding"));

  private static final Set<String> COMMAND_LINE_ONLY = Set.of(OPTION, "--help", "--version");

  private final Path file;
  private final CommandSpec command;

  ConfigFile(Path file, CommandSpec command) {
    this.file = file;
    this.command = command;
  }

  /**
   * Returns what the command line would have for them.
   *
   * @throws IllegalArgumentException if the file can't be read, or has what the command doesn't
   *     know; the message names the file and the line
   */
  List<String> options() {
    List<String> options = new ArrayList<>();
    int number = 0;
    for (String line : text().lines().toList()) {
      number++;
      String entry = line.strip();
      if (entry.isEmpty() || entry.startsWith("#")) {
        continue;
      }
      try {
        options.addAll(options(entry));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return options;
  }

  private String text() {
    try {
      return TextFile.read(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Invalid value for option '" + OPTION + "': " + Messages.of(e), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Invalid value for option '" + OPTION + "': " + file + ": " + e.getMessage(), e);
    }
  }

  private List<String> options(String entry) {
    int equals = entry.indexOf('=');
    String name = (equals < 0 ? entry : entry.substring(0, equals)).strip();
    String value = equals < 0 ? null : checked(name, entry.substring(equals + 1).strip());
    if (name.equals(SOURCE) && !command.positionalParameters().isEmpty()) {
      return List.of(source(required(name, value)));
    }
    OptionSpec option = option(name);
    if (option.arity().max() == 0) {
      return flag(name, value) ? List.of("--" + name) : List.of();
    }
    if (value == null && option.arity().min() == 0) {
      return List.of("--" + name);
    }
    return List.of("--" + name + "=" + required(name, value));
  }

  private OptionSpec option(String name) {
    String option = "--" + name;
    OptionSpec known = command.findOption(option);
    if (known == null || !List.of(known.names()).contains(option)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' is no option of "
              + command.qualifiedName()
              + ", whose names are those of the command line without --");
    }
    if (COMMAND_LINE_ONLY.contains(option)) {
      throw new IllegalArgumentException("'" + name + "' goes on the command line only");
    }
    return known;
  }

  private static String checked(String name, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("'" + name + "' has no value after its =");
    }
    if (isQuoted(value, '"') || isQuoted(value, '\'')) {
      throw new IllegalArgumentException(
          "'" + name + "' has quotes around its value, which is taken as it is: leave them out");
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'" + name + "' has a null character in its value");
    }
    if (!LOCALE.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(
          "'"
              + name
              + "' has characters that aren't in the locale's "
              + LOCALE
              + ", in which commands and paths are passed on: use a locale such as C.UTF-8");
    }
    return value;
  }

  /** Keeps what would be an option on the command line from being one. */
  private static String source(String value) {
    if (value.startsWith("-")) {
      throw new IllegalArgumentException(
          "'" + SOURCE + "' is '" + value + "', which is no HOST:PORT");
    }
    return value;
  }

  /** Tells whether all of a value is one quoted text, as it would be for a shell. */
  private static boolean isQuoted(String value, char quote) {
    return value.length() > 1
        && value.charAt(0) == quote
        && value.indexOf(quote, 1) == value.length() - 1;
  }

  private static String required(String name, String value) {
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' takes a value: " + name + " = VALUE");
    }
    return value;
  }

  private static boolean flag(String name, String value) {
    if (value == null || value.equals("true")) {
      return true;
    }
    if (value.equals("false")) {
      return false;
    }
    throw new IllegalArgumentException(
        "'" + name + "' is '" + value + "', which is neither true nor false");
  }
}
