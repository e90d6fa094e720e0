package io.github.keepalive4j.bench.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the measurements and writes the report. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Measures all subjects and writes a report: JSON, charts and a page of both.")
public final class ReportCommand implements Callable<Integer> {
  private static final int MOST_SECONDS = 3_600;
  private static final int MOST_CUTS = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description = "Only the death of one peer at a time; by default ends within 60 s.")
  private boolean quick;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "The longest time for the trials of single deaths, 1 to 3600 (default: "
              + Plan.QUICK_SECONDS
              + " with --quick, else "
              + Plan.FULL_SECONDS
              + "). Their warm-up takes up to half as long.")
  private Integer seconds; // null for the default

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "20",
      description = "Silent cuts beside each BFD session, 0 to 10000 (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIRECTORY",
      defaultValue = "target/report",
      description = "Where the report is written (default: ${DEFAULT-VALUE}).")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    requireValid();
    Results results = new Measurements(plan(), System.err).run();
    List<Target> targets = Targets.of(results);
    Files.createDirectories(directory);
    JsonReport.write(directory.resolve("report.json"), results, targets);
    HtmlReport.write(directory, results, targets);
    System.out.println(TextReport.of(results, targets));
    System.out.println("The whole report: " + directory.resolve("report.html"));
    System.out.println(JsonReport.summary(results));
    return 0;
  }

  /** Returns what the options ask for. */
  Plan plan() {
    return quick
        ? Plan.quick(timeOr(Plan.QUICK_SECONDS))
        : Plan.full(cuts, timeOr(Plan.FULL_SECONDS));
  }

  private Duration timeOr(int defaultSeconds) {
    return Duration.ofSeconds(seconds == null ? defaultSeconds : seconds);
  }

  private void requireValid() {
    if (seconds != null) {
      OptionRange.require(spec, "--seconds", seconds, 1, MOST_SECONDS);
    }
    OptionRange.require(spec, "--cuts", cuts, 0, MOST_CUTS);
  }
}
