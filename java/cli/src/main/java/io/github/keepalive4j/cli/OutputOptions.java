package io.github.keepalive4j.cli;

import picocli.CommandLine.Option;

/** How a command tells what happens. */
final class OutputOptions {
  @Option(
      names = "--json",
      description = "One JSON object for each event, a line each, on standard output.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  Output open() {
    return Output.open(json);
  }
}
