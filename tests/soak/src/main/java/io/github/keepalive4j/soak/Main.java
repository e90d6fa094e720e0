package io.github.keepalive4j.soak;

import io.github.keepalive4j.soak.calm.CalmCommand;
import io.github.keepalive4j.soak.idle.IdleCommand;
import io.github.keepalive4j.soak.matrix.FaultsCommand;
import io.github.keepalive4j.soak.run.SoakCommand;
import io.github.keepalive4j.soak.takeover.TakeoversCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point of the jar. */
@Command(
    name = "soak.jar",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    subcommands = {
      CalmCommand.class,
      FaultsCommand.class,
      IdleCommand.class,
      SoakCommand.class,
      TakeoversCommand.class
    },
    description = "Long-running tests of faults.")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
  }
}
