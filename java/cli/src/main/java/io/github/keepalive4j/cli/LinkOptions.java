package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How the kernel probes the source. */
final class LinkOptions {
  @Option(
      names = "--idle",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Bounds.WholeSeconds.class,
      description = "Silence before the first probe, 1s to 32767s (default: 1s).")
  private Duration idle;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Bounds.WholeSeconds.class,
      description = "Time between probes, 1s to 32767s (default: 1s).")
  private Duration interval;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      converter = Bounds.Count.class,
      description = "Probes that may go unanswered, 1 to 127 (default: 5).")
  private int count;

  KeepaliveOptions toOptions() {
    return KeepaliveOptions.builder().idle(idle).interval(interval).count(count).build();
  }
}
