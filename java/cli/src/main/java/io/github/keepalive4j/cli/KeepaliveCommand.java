package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.demo.DemoCommand;
import io.github.keepalive4j.cli.doctor.DoctorCommand;
import io.github.keepalive4j.cli.serve.ServeCommand;
import io.github.keepalive4j.cli.sockets.SocketsCommand;
import io.github.keepalive4j.cli.watch.WatchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top-level command. It needs a subcommand. */
@Command(
    name = KeepaliveCommand.NAME,
    description =
        "Detects that a peer is gone, by TCP keepalive on a link without data, and fails over.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      ServeCommand.class,
      WatchCommand.class,
      SocketsCommand.class,
      DemoCommand.class,
      DoctorCommand.class
    })
final class KeepaliveCommand implements Runnable {
  static final String NAME = "keepalive";

  @Spec private CommandSpec spec;

  /**
   * Returns the command with all that its arguments can need. Where the first one names a
   * subcommand that is this one alone: the options of the others take long to read.
   */
  static CommandLine forArguments(String... arguments) {
    if (arguments.length > 0) {
      for (Class<?> one : KeepaliveCommand.class.getAnnotation(Command.class).subcommands()) {
        if (one.getAnnotation(Command.class).name().equals(arguments[0])) {
          return new CommandLine(CommandSpec.create().name(NAME)).addSubcommand(one);
        }
      }
    }
    return new CommandLine(new KeepaliveCommand());
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
