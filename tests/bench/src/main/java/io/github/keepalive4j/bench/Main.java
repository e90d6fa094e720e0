package io.github.keepalive4j.bench;

import io.github.keepalive4j.bench.report.ReportCommand;
import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The jar's entry: {@code report} makes the report; JMH gets all other arguments. */
public final class Main {
  private static final String REPORT = "report";

  private static final String HELP =
      """
      Measures how soon the death of a peer is noticed: keepalive4j, the JDK, Netty, and a C thread.

      Usage: java -jar benchmarks.jar [JMH OPTIONS] [REGEX...]
             java -jar benchmarks.jar report [--quick] [--seconds=N] [--cuts=N] [DIRECTORY]

      JMH's benchmarks, each in a JVM of its own. All take 40 minutes; REGEX and -p choose:
        PeerDeathBenchmark      from the peer's close or kill to the callback
        IdlePeerDeathBenchmark  the same on links, and in a process, that have been idle for 5 s
        OpenCloseBenchmark      connecting and closing
        -p subject=SUBJECT,...  of %s
        -p death=DEATH,...      RESET or FIN (the peer closes), KILL (its process is killed)
        -h                      JMH's other options

      The report measures all subjects in turns, in one JVM, and more than JMH does.
        report --help           its options
      """;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals("--help")) {
      System.out.print(help());
    } else if (arguments.length > 0 && arguments[0].equals(REPORT)) {
      String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
      System.exit(new CommandLine(new ReportCommand()).execute(rest));
    } else {
      org.openjdk.jmh.Main.main(arguments);
    }
  }

  private static String help() {
    String keys =
        Arrays.stream(Contender.values()).map(Contender::key).collect(Collectors.joining(", "));
    return HELP.formatted(keys);
  }
}
