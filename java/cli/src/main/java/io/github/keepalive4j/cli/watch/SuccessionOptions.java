package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.cli.WaitOptions;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What a backup does where there is no source to watch. */
final class SuccessionOptions {
  @Option(
      names = "--takeover-after",
      paramLabel = "TIME",
      converter = Bounds.TakeoverLimit.class,
      description = {
        "With --zookeeper: take over once nobody has held the claim for so long, 1ms to 86400000ms, also",
        "where this backup has never seen a source. By default it waits for one."
      })
  private Duration takeoverAfter; // null for never

  /** Refuses the options where there is no claim. */
  void check(GuardOptions guardOptions) {
    guardOptions.requireEnsemble("--takeover-after", takeoverAfter != null);
  }

  Succession succession(boolean rearm, WaitOptions wait, Guards guards, Output output) {
    return new Succession(rearm, takeoverAfter, wait, guards, output);
  }
}
