package io.github.keepalive4j.bench;

import io.github.keepalive4j.bench.report.ReportCommand;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;

/** The jar's entry: {@code report} makes the report; JMH gets all other arguments. */
public final class Main {
  private static final String REPORT = "report";

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals(REPORT)) {
      String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
      System.exit(new CommandLine(new ReportCommand()).execute(rest));
    }
    org.openjdk.jmh.Main.main(arguments);
  }
}
