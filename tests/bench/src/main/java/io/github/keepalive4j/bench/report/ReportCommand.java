package io.github.keepalive4j.bench.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the measurements and writes the report. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Measures all subjects and writes a report: JSON, charts and a page of both.")
public final class ReportCommand implements Callable<Integer> {
  @Option(
      names = "--quick",
      description = "Only the death of one peer at a time; ends within 60 s.")
  private boolean quick;

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "20",
      description = "Silent cuts beside each BFD session (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      defaultValue = "target/report",
      description = "Where the report is written (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    Results results = new Measurements(quick ? Plan.quick() : Plan.full(cuts), System.err).run();
    List<Target> targets = Targets.of(results);
    Files.createDirectories(directory);
    JsonReport.write(directory.resolve("report.json"), results, targets);
    HtmlReport.write(directory, results, targets);
    System.out.println(TextReport.of(results, targets));
    System.out.println("The whole report: " + directory.resolve("report.html"));
    System.out.println(JsonReport.summary(results));
    return 0;
  }
}
