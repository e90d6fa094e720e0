package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a backup waits for the holder that it replaces. */
public final class ReleaseOptions {
  /** Longer than a source takes to stop, with the default of its own option. */
  private static final Duration DEFAULT_RELEASE_TIMEOUT = Duration.ofSeconds(15);

  @Option(
      names = "--acknowledge-timeout",
      paramLabel = "TIME",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --zookeeper: how long a holder that is replaced may take to say that it stops, 1ms to 3600000ms",
        "(default: 50ms). One that says nothing is dead, paused or cut off, and isn't waited for any longer."
      })
  private Duration acknowledgeTimeout; // null for the default

  @Option(
      names = "--release-timeout",
      paramLabel = "TIME",
      converter = Bounds.ClaimLimit.class,
      description = {
        "With --zookeeper: how long a holder that has said that it stops may take to stop, 1ms to 3600000ms",
        "(default: 15s). Choose more than its --stop-timeout."
      })
  private Duration releaseTimeout; // null for the default

  /** Refuses the options where there is no claim. */
  public void check(GuardOptions guardOptions) {
    guardOptions.requireEnsemble("--acknowledge-timeout", acknowledgeTimeout != null);
    guardOptions.requireEnsemble("--release-timeout", releaseTimeout != null);
  }

  ZooKeeperGuard.Builder addTo(ZooKeeperGuard.Builder guard) {
    if (acknowledgeTimeout != null) {
      guard.acknowledgeTimeout(acknowledgeTimeout);
    }
    return guard.releaseTimeout(releaseTimeout());
  }

  Duration releaseTimeout() {
    return releaseTimeout == null ? DEFAULT_RELEASE_TIMEOUT : releaseTimeout;
  }
}
