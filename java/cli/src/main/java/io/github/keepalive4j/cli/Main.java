package io.github.keepalive4j.cli;

import picocli.CommandLine;

/** The entry of the {@code keepalive} command. */
public final class Main {
  private Main() {}

  /**
   * Runs the command and exits with its status.
   *
   * @param arguments as the shell hands them over
   */
  public static void main(String[] arguments) {
    OneLineLog.install();
    System.exit(commandLine().execute(arguments));
  }

  private static CommandLine commandLine() {
    return new CommandLine(new KeepaliveCommand())
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(OneLineErrors::onUsage)
        .setExecutionExceptionHandler(OneLineErrors::onFailure);
  }
}
