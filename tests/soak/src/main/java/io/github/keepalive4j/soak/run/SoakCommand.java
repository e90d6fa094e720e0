package io.github.keepalive4j.soak.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a soak and prints its summary. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description =
        "Holds a thousand links open under random faults and checks each against a model. The exit"
            + " status is 1 if a failover was lost, doubled or false, or if memory, descriptors or"
            + " threads rise.")
public final class SoakCommand implements Callable<Integer> {
  private static final double SECONDS_PER_MINUTE = 60;
  private static final double LEAST_MINUTES = 0.1;
  private static final double MOST_MINUTES = 10_000;
  private static final int MOST_LINKS = 10_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--minutes",
      defaultValue = "30",
      description = "How long faults are injected (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--seed",
      description = "The seed of all random choices (default: a new one, which is printed).")
  private long seed = System.nanoTime();

  @Option(
      names = "--links",
      defaultValue = "1000",
      description = "How many links are open at a time (default: ${DEFAULT-VALUE}).")
  private int links;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      defaultValue = "soak-report",
      description =
          "The directory for summary.txt, soak.png and the data behind them (default:"
              + " ${DEFAULT-VALUE}).")
  private Path directory;

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireInRange("--minutes", minutes, LEAST_MINUTES, MOST_MINUTES);
    requireInRange("--links", links, 1, MOST_LINKS);
    System.out.println("seed " + seed + ", files in " + directory);
    Duration length = Duration.ofSeconds(Math.round(minutes * SECONDS_PER_MINUTE));
    Result result = Soak.run(new Plan(directory, length, seed, links));
    System.out.print(Files.readString(directory.resolve(Report.SUMMARY_FILE)));
    return result.problems().isEmpty() ? 0 : 1;
  }

  private void requireInRange(String option, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      NumberFormat format = NumberFormat.getInstance(Locale.ROOT);
      throw new ParameterException(
          spec.commandLine(),
          option
              + " "
              + format.format(value)
              + " is not from "
              + format.format(least)
              + " to "
              + format.format(most));
    }
  }
}
