package io.github.keepalive4j.soak.takeover;

import io.github.keepalive4j.soak.program.JarOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Plays rounds of takeovers and prints their figures. */
@Command(
    name = "takeovers",
    mixinStandardHelpOptions = true,
    description =
        "Injures the holder of a claim again and again: a source, then whichever of five backups has taken"
            + " over. The exit status is 1 if two workloads ran at once, none ran after a round, or a"
            + " fencing token didn't grow.")
public final class TakeoversCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 100_000;

  @Spec private CommandSpec spec;
  @Mixin private JarOption jar;

  @Option(
      names = "--rounds",
      defaultValue = "100",
      description = "How many rounds, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--stop-every",
      paramLabel = "N",
      defaultValue = "" + Plan.STOP_EVERY,
      description =
          "The ensemble is stopped for 10 s in each Nth round as well; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int stopEvery;

  @Option(
      names = "--only",
      paramLabel = "INJURY",
      split = ",",
      description = "Only these injuries: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Injury> only; // null for all

  @Option(
      names = "--seed",
      description = "The seed of the order of the injuries (default: a new one, which is printed).")
  private long seed = System.nanoTime();

  @Option(
      names = "--live-holder",
      paramLabel = "await|revoke",
      defaultValue = Plan.AWAIT,
      description =
          "As of the command's watch; with revoke, two may run at once (default: ${DEFAULT-VALUE}).")
  private String liveHolder;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description =
          "The directory, empty or new, for the workload's records and the logs of all sides (default: a"
              + " temporary one, which stays).")
  private Path folder; // null for a temporary one

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rounds < 1 || rounds > MOST_ROUNDS) {
      throw usage("--rounds " + rounds + " is not from 1 to " + MOST_ROUNDS);
    }
    if (stopEvery < 0) {
      throw usage("--stop-every " + stopEvery + " is less than 0");
    }
    jar.requireReadable();
    Path files =
        folder == null ? Files.createTempDirectory("takeovers-") : Files.createDirectories(folder);
    if (files.toFile().list().length > 0) {
      throw usage(files + " isn't empty");
    }
    System.err.println("seed " + seed + ", files in " + files);
    List<Injury> all = only == null ? List.of(Injury.values()) : only;
    List<Injury> injuries = Plan.shuffled(all, rounds, seed);
    Result result =
        Rounds.play(new Plan(jar.path(), files.toAbsolutePath(), liveHolder, injuries, stopEvery));
    System.out.print(result.text());
    return result.problems().isEmpty() ? 0 : 1;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
