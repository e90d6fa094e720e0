package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.Options;
import io.github.keepalive4j.cli.values.ShellText;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that follow a source's claim. */
final class ClaimOptions {
  @Option(
      names = "--on-claim-won",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = {
        "With --zookeeper: what sh -c runs each time that the claim to serve is won, with KEEPALIVE_TOKEN in its",
        "environment. It may end or stay. CMD and all its processes are stopped before the claim is given up."
      })
  private String won; // null for none

  @Option(
      names = "--on-claim-lost",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = {
        "With --zookeeper: what sh -c runs to its end before the claim is given up, lost or not, to stop what",
        "must not run beside a successor. KEEPALIVE_TOKEN and KEEPALIVE_REASON are in its environment."
      })
  private String lost; // null for none

  @Option(
      names = "--stop-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Bounds.ClaimLimit.class,
      description = {
        "How long --on-claim-lost and the end of --on-claim-won's processes may take together until all are",
        "killed, 1ms to 3600000ms (default: ${DEFAULT-VALUE}). Each successor's --release-timeout has to be longer."
      })
  private Duration stopTimeout;

  @Option(
      names = "--failsafe",
      description = {
        "With --zookeeper: while the ensemble doesn't answer, keep the claim as long as every backup confirms",
        "over its link that it doesn't take over. The backups need --zookeeper and --detect-within."
      })
  private boolean failsafe;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  void check(GuardOptions guardOptions) {
    guardOptions.requireEnsemble("--on-claim-won", won != null);
    guardOptions.requireEnsemble("--on-claim-lost", lost != null);
    guardOptions.requireEnsemble("--failsafe", failsafe);
    if (Options.isGiven(spec, "--stop-timeout") && !areGiven()) {
      throw usage("--stop-timeout goes with --on-claim-won or --on-claim-lost");
    }
  }

  /** Opens what has to grant that the source serves. */
  Guards open(GuardOptions guardOptions, Output output) throws IOException {
    return failsafe ? guardOptions.openFailsafe(output) : guardOptions.open(output);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Tells whether a command begins what the source stands for, once the claim is won. */
  boolean beginWorkload() {
    return won != null;
  }

  /** Tells whether a command follows the claim, so that the source outlives its claim. */
  boolean areGiven() {
    return won != null || lost != null;
  }

  /** Makes the first command start as fast as later ones. */
  void warmUp() throws IOException, InterruptedException {
    if (areGiven()) {
      UserCommand.warmUp();
    }
  }

  ClaimCommands newCommands(Output output, boolean json) {
    return new ClaimCommands(
        output,
        won == null ? null : new UserCommand(won, json),
        lost == null ? null : new UserCommand(lost, json),
        stopTimeout);
  }
}
