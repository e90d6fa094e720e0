package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.Options;
import io.github.keepalive4j.cli.values.ShellText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands that make sure that the source is gone. */
public final class FenceOptions {
  /** Time to kill a fence that takes too long, and to report it. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** A guard may take a day, and there is another one. */
  private static final Duration MAX_TOTAL = Duration.ofHours(12);

  @Option(
      names = "--fence",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = {
        "What sh -c runs after the source has failed, in the environment of --on-failover, to make sure that",
        "it is gone: a power switch, virsh destroy. Unless it exits with 0 in time, nothing takes over.",
        "Give the option again for a CMD to be tried when the one before has failed."
      })
  private List<String> commands = new ArrayList<>();

  @Option(
      names = "--fence-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Bounds.ClaimLimit.class,
      description =
          "With --fence: how long a run may take until it is killed, 1ms to 3600000ms (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration timeout;

  @Option(
      names = "--fence-retries",
      paramLabel = "N",
      defaultValue = "0",
      converter = Bounds.Retries.class,
      description = {
        "With --fence: how often a CMD that has failed is run again, a second later, before the next one is",
        "tried, 0 to 100 (default: ${DEFAULT-VALUE})."
      })
  private int retries;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public void check() {
    if (commands.isEmpty() && Options.isGiven(spec, "--fence-timeout")) {
      throw usage("--fence-timeout goes with --fence");
    }
    if (commands.isEmpty() && Options.isGiven(spec, "--fence-retries")) {
      throw usage("--fence-retries goes with --fence");
    }
    if (total().compareTo(MAX_TOTAL) > 0) {
      throw usage(
          "Invalid value for option '--fence-retries': with "
              + commands.size()
              + " of --fence and this --fence-timeout, all runs may take "
              + total().toMinutes()
              + " min, not at most "
              + MAX_TOTAL.toMinutes());
    }
  }

  /** Returns the fences' commands, in the order in which they are tried. */
  public List<String> commands() {
    return commands;
  }

  /** Adds the fences after the other guards. */
  public void addTo(Guards guards, Output output) {
    if (!commands.isEmpty()) {
      List<FenceGuard> levels =
          commands.stream().map(command -> FenceGuard.shell(command, timeout)).toList();
      guards.add(new FenceLevels(levels, runs(), output), total());
    }
  }

  private int runs() {
    return retries + 1;
  }

  /** Returns how long all runs of all commands may take. */
  private Duration total() {
    return timeout
        .plus(MARGIN)
        .plus(FenceLevels.PAUSE)
        .multipliedBy((long) runs() * commands.size());
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
