package io.github.keepalive4j.bench.report;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The range of an option's value. */
final class OptionRange {
  private OptionRange() {}

  /** Refuses a value outside the range, by the command's own error. */
  static void require(CommandSpec spec, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + " " + value + " is not from " + least + " to " + most);
    }
  }
}
