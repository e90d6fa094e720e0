package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.demo.DemoCommand;
import io.github.keepalive4j.cli.doctor.DoctorCommand;
import io.github.keepalive4j.cli.serve.ServeCommand;
import io.github.keepalive4j.cli.sockets.SocketsCommand;
import io.github.keepalive4j.cli.watch.WatchCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top-level command. It needs a subcommand. */
@Command(
    name = "keepalive",
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
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
