package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.systemd.JournalStream;
import io.github.keepalive4j.cli.systemd.JournalStream.Level;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Reports a usage error in one line. */
final class OneLineErrors {
  private OneLineErrors() {}

  static int onUsage(ParameterException e, String[] arguments) {
    print(e.getCommandLine(), e.getMessage());
    return ExitStatus.BAD_USAGE;
  }

  static int onFailure(Exception e, CommandLine command, ParseResult parsed) {
    print(command, Messages.of(e));
    return ExitStatus.FAILED;
  }

  private static void print(CommandLine command, String message) {
    String name = command.getCommandSpec().qualifiedName();
    command
        .getErr()
        .println(JournalStream.prefix(Level.ERROR) + name + ": " + Messages.oneLine(message));
  }
}
