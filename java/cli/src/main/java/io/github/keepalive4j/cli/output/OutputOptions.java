package io.github.keepalive4j.cli.output;

import picocli.CommandLine.Option;

/** How a command tells what happens. */
public final class OutputOptions {
  @Option(
      names = "--json",
      description = "One JSON object for each event, a line each, on standard output.")
  private boolean json;

  public boolean isJson() {
    return json;
  }

  public Output open() {
    return Output.open(json);
  }
}
