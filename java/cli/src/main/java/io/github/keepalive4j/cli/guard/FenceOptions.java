package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.cli.values.Bounds;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that makes sure that the source is gone. */
public final class FenceOptions {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /** Time to kill a fence that takes too long, and to report it. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  @Option(
      names = "--fence",
      paramLabel = "CMD",
      description = {
        "What sh -c runs after the source has failed, in the environment of --on-failover, to make sure that",
        "it is gone: a power switch, virsh destroy. Unless it exits with 0 in time, nothing takes over."
      })
  private String command; // null for none

  @Option(
      names = "--fence-timeout",
      paramLabel = "TIME",
      converter = Bounds.ClaimLimit.class,
      description =
          "With --fence: how long it may take until it is killed, 1ms to 3600000ms (default: 10s).")
  private Duration timeout; // null for the default

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public void check() {
    if (command == null && timeout != null) {
      throw usage("--fence-timeout goes with --fence");
    }
    if (command != null && command.isBlank()) {
      throw usage("Invalid value for option '--fence': '" + command + "' is no command");
    }
  }

  /** Returns the fence's command, if there is one. */
  public Optional<String> command() {
    return Optional.ofNullable(command);
  }

  /** Adds the fence after the other guards. */
  public void addTo(Guards guards) {
    if (command != null) {
      Duration limit = timeout == null ? DEFAULT_TIMEOUT : timeout;
      guards.add(FenceGuard.shell(command, limit), limit.plus(MARGIN));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
