package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.sockets.SocketRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which sockets are set, and to what: their order on the command line counts. */
@SuppressWarnings("unused") // the two fields stand for options whose values are in the rules
final class RuleOptions {
  /** The name of the mixin in its command. */
  static final String MIXIN = "ruleOptions";

  @Option(
      names = "--within",
      paramLabel = "TIME",
      parameterConsumer = Part.class,
      description = {
        "Set the process's sockets so that a dead peer is found within TIME, 3375ms to 1d, idle or sending.",
        "Each --to that follows narrows it down. Give it again for other peers: the first match counts."
      })
  private String within;

  @Option(
      names = "--to",
      paramLabel = "NETWORK[:PORT]",
      parameterConsumer = Part.class,
      description = {
        "With the --within before it: which peers, such as 10.0.0.0/8:5432 or [2001:db8::]/32:5432-5440; * is",
        "every address. Give it again for more."
      })
  private String to;

  private final List<String> parts = new ArrayList<>();
  private SocketRules rules; // null for none

  /** Returns the rules, or empty to set nothing. */
  Optional<SocketRules> rules() {
    return Optional.ofNullable(rules);
  }

  /** Reads all parts anew, so that a mistake is told of the option that makes it. */
  private void add(String part) {
    parts.add(part);
    rules = SocketRules.parse(String.join(",", parts));
  }

  /** Adds to the rules, in the order of the command line. */
  static final class Part implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec argument, CommandSpec command) {
      String option = ((OptionSpec) argument).longestName();
      if (arguments.isEmpty()) {
        throw new ParameterException(
            command.commandLine(),
            "Missing required parameter for option '"
                + option
                + "' ("
                + argument.paramLabel()
                + ")");
      }
      String value = arguments.pop();
      RuleOptions options = (RuleOptions) command.mixins().get(MIXIN).userObject();
      try {
        options.add(option.substring(2) + "=" + withoutComma(value));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(
            command.commandLine(), "Invalid value for option '" + option + "': " + e.getMessage());
      }
    }

    private static String withoutComma(String value) {
      if (value.contains(",")) {
        throw new IllegalArgumentException("'" + value + "' has a comma: give the option again");
      }
      return value;
    }
  }
}
