package io.github.keepalive4j.cli.values;

import picocli.CommandLine.Model.CommandSpec;

/** Tells the options that were given from those that have their defaults. */
public final class Options {
  private Options() {}

  /** Tells whether the arguments had the option. */
  public static boolean isGiven(CommandSpec command, String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }
}
