package io.github.keepalive4j.soak.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the whole matrix and writes its page. */
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description =
        "Runs every fault and every ordered pair of faults, and writes a page with the results. The"
            + " exit status is 1 if a link deviated from the model.")
public final class FaultsCommand implements Callable<Integer> {
  private static final int MAX_AGE_S = 3_600;

  @Option(
      names = "--labs",
      defaultValue = "24",
      description = "How many labs are open at once (default: ${DEFAULT-VALUE}).")
  private int labs;

  @Option(
      names = "--pairs",
      description = "Runs only this many pairs, chosen at random, and writes no page.")
  private Integer pairs; // null for all

  @Option(
      names = "--seed",
      description = "The seed of the ages and of the choice of pairs (default: a new one).")
  private long seed = System.nanoTime();

  @Option(
      names = "--age",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description =
          "Links are left alone for 0.3 s to this long before a fault, 1 to 3600 (default:"
              + " ${DEFAULT-VALUE}).")
  private int age;

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description =
          "Runs only the single faults whose name contains TEXT, and prints what came of them.")
  private String only; // null for all

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "FAULTS.md",
      description = "The file for the page (default: ${DEFAULT-VALUE}).")
  private Path file;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (age < 1 || age > MAX_AGE_S) {
      throw new ParameterException(
          spec.commandLine(), "--age " + age + " is not within 1 to " + MAX_AGE_S + " s");
    }
    Ages ages = new Ages(seed, Duration.ofSeconds(age));
    List<Row> rows = rows();
    AtomicInteger done = new AtomicInteger();
    List<String> deviations = new ArrayList<>();
    List<Cell> cells =
        Matrix.run(
            rows,
            ages,
            labs,
            ofRow -> {
              ofRow.forEach(cell -> deviations.addAll(printDeviations(cell, ages)));
              System.err.print("\r" + done.incrementAndGet() + " of " + rows.size() + " rows ");
            });
    System.err.println();
    System.out.println(cells.size() + " cells, " + deviations.size() + " deviations");
    if (only != null) {
      System.out.print(FaultsPage.singles(cells, rows));
    } else if (pairs == null) {
      Files.writeString(file, FaultsPage.of(cells));
    }
    return deviations.isEmpty() ? 0 : 1;
  }

  private List<Row> rows() {
    Stream<Row> singles =
        Stream.of(Row.singles(), Row.singlesUndone(), Row.singlesConfirmed()).flatMap(List::stream);
    if (only != null) {
      return singles.filter(row -> row.toString().contains(only)).toList();
    }
    List<Row> chosen = pairs == null ? Row.pairs() : Row.someOf(Row.pairs(), pairs, seed);
    return Stream.concat(singles, chosen.stream()).toList();
  }

  private static List<String> printDeviations(Cell cell, Ages ages) {
    List<String> deviations = Judgement.deviations(cell);
    if (!deviations.isEmpty()) {
      System.err.println("\n" + cell + ", " + ages.describe(cell.row()) + ": " + deviations);
    }
    return deviations;
  }
}
