package io.github.keepalive4j.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** How a command reports events. */
public final class OutputOptions {
  @Option(
      names = "--json",
      description = "Write one JSON object per event and line to standard output.")
  private boolean json;

  public boolean isJson() {
    return json;
  }

  public Output open() {
    return Output.open(json);
  }

  /** Opens a list for a command that ends once it has told everything. */
  public Listing openListing(PrintWriter people) {
    return new Listing(
        people, json ? new JsonEventWriter(new FileOutputStream(FileDescriptor.out)) : null);
  }

  /** Opens an output of the same form that writes nowhere. */
  public Output openToNowhere() {
    return Output.toNowhere(json);
  }
}
