package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.Options;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a backup waits for the holder that it replaces. */
public final class ReleaseOptions {
  @Option(
      names = "--acknowledge-timeout",
      paramLabel = "TIME",
      defaultValue = "50ms",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --zookeeper: how long a holder that is replaced may take to say that it stops, 1ms to 3600000ms",
        "(default: ${DEFAULT-VALUE}). One that says nothing is dead, paused or cut off, and isn't waited for any longer."
      })
  private Duration acknowledgeTimeout;

  /** By default longer than a source takes to stop, with the default of its own option. */
  @Option(
      names = "--release-timeout",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --zookeeper: how long a holder that has said that it stops may take to stop, 1ms to 3600000ms",
        "(default: ${DEFAULT-VALUE}). Choose more than its --stop-timeout."
      })
  private Duration releaseTimeout;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Refuses the options where there is no claim. */
  public void check(GuardOptions guardOptions) {
    guardOptions.requireEnsemble(
        "--acknowledge-timeout", Options.isGiven(spec, "--acknowledge-timeout"));
    guardOptions.requireEnsemble("--release-timeout", Options.isGiven(spec, "--release-timeout"));
  }

  ZooKeeperGuard.Builder addTo(ZooKeeperGuard.Builder guard) {
    return guard.acknowledgeTimeout(acknowledgeTimeout).releaseTimeout(releaseTimeout);
  }

  Duration releaseTimeout() {
    return releaseTimeout;
  }
}
