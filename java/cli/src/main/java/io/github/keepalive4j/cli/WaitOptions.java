package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.values.Bounds;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits at its start for what it needs, instead of ending with 1. */
public final class WaitOptions {
  @Option(
      names = "--wait",
      paramLabel = "TIME|forever",
      converter = Bounds.Wait.class,
      description = {
        "How long to wait at the start, 1ms to 86400000ms or forever: watch for its source, serve for a claim",
        "that another holds and for the ensemble. By default neither waits, beyond its other timeouts."
      })
  private Duration limit; // null for none

  /** Tells whether the option was given. */
  public boolean isGiven() {
    return limit != null;
  }

  /** Returns how long to wait; zero without the option, a century for ever. */
  public Duration limit() {
    return limit == null ? Duration.ZERO : limit;
  }
}
