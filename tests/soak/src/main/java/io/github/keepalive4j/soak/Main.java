package io.github.keepalive4j.soak;

import io.github.keepalive4j.soak.matrix.FaultsCommand;
import picocli.CommandLine;

/** The jar's entry. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FaultsCommand()).execute(arguments));
  }
}
