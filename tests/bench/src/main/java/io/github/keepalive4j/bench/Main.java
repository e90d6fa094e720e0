package io.github.keepalive4j.bench;

import io.github.keepalive4j.bench.report.BfdCommand;
import io.github.keepalive4j.bench.report.ReportCommand;
import io.github.keepalive4j.bench.subject.Contender;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The jar's entry: {@code report} and {@code bfd} measure; JMH gets all other arguments. */
public final class Main {
  private static final Map<String, Callable<Integer>> COMMANDS =
      Map.of("report", new ReportCommand(), "bfd", new BfdCommand());

  private static final String HELP =
      """
      Measures how soon the death of a peer is noticed: keepalive4j, the JDK, Netty, and a C thread.

      Usage: java -jar benchmarks.jar [JMH OPTIONS] [REGEX...]
             java -jar benchmarks.jar report [--quick] [--seconds=N] [--cuts=N] [DIRECTORY]
             java -jar benchmarks.jar bfd [--cuts=N] [--busy=N]

      JMH's benchmarks, each in a JVM of its own. All take 40 minutes; REGEX and -p choose:
        PeerDeathBenchmark      from the peer's close or kill to the callback
        IdlePeerDeathBenchmark  the same on links, and in a process, that have been idle for 5 s
        OpenCloseBenchmark      connecting and closing
        -p subject=SUBJECT,...  of %s
        -p death=DEATH,...      RESET or FIN (the peer closes), KILL (its process is killed)
        -h                      JMH's other options

      The report measures all subjects in turns, in one JVM, and more than JMH does.
        report --help           its options
        bfd --help              its measurement beside BFD alone, also on a busy machine
      """;

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals("--help")) {
      System.out.print(help());
    } else if (arguments.length > 0 && COMMANDS.containsKey(arguments[0])) {
      String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
      System.exit(new CommandLine(COMMANDS.get(arguments[0])).execute(rest));
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
