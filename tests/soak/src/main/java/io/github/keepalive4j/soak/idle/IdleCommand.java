package io.github.keepalive4j.soak.idle;

import io.github.keepalive4j.soak.program.CommandOptions;
import io.github.keepalive4j.soak.program.JarOption;
import io.github.keepalive4j.support.BusyLoops;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends sources on links that have been left alone, and prints the figures. */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    description =
        "Leaves links alone for a random time, ends their sources, and measures how long the shipped command"
            + " takes to its verdict, its event and its takeover. With --library it measures a user's"
            + " program. The exit status is 1 if too few count, because of false failovers, say.")
public final class IdleCommand implements Callable<Integer> {
  private static final int MOST_CUTS = 100_000;
  private static final int MOST_PAIRS = 16;

  @Spec private CommandSpec spec;
  @Mixin private CommandOptions options;
  @Mixin private JarOption jar;

  @Option(
      names = "--cuts",
      defaultValue = "200",
      description = "How many ends for each budget, 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @Option(
      names = "--end",
      paramLabel = "cut|kill|workload|carrier",
      defaultValue = "cut",
      description =
          "How a source ends: its host is cut off; its process is killed; the workload for which serve"
              + " --pid-file stands is killed; or its end of the cable is set down, which watch"
              + " --fail-without-carrier sees (default: ${DEFAULT-VALUE}).")
  private End end;

  @Option(
      names = "--within",
      split = ",",
      defaultValue = "30ms",
      description =
          "The budget, as --detect-within takes it (default: ${DEFAULT-VALUE}). Separate several by commas or"
              + " repeat the option: the pairs take them in turn.")
  private List<String> within;

  @Option(
      names = "--pairs",
      defaultValue = "4",
      description =
          "How many sources and backups there are at a time, 1 to 16 (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Option(
      names = "--youngest",
      paramLabel = "MS",
      defaultValue = "200",
      description = "The shortest time to leave a link alone, in ms (default: ${DEFAULT-VALUE}).")
  private long youngestMs;

  @Option(
      names = "--oldest",
      paramLabel = "MS",
      defaultValue = "20000",
      description = "The longest such time, in ms (default: ${DEFAULT-VALUE}).")
  private long oldestMs;

  @Option(names = "--watch-option", description = "A further option of watch; may be repeated.")
  private List<String> more = List.of();

  @Option(
      names = "--library",
      description =
          "Measures a program that uses the library, with a listener, a journal, a recording and 512"
              + " MB of live heap. A full collection begins at a random moment up to 30 ms before or"
              + " after each cut; others aren't counted. A pair takes 1.2 GB. --keepalive and"
              + " --watch-option don't count.")
  private boolean library;

  @Option(
      names = "--seed",
      description = "The seed of the ages (default: a new one, which is printed).")
  private long seed = System.nanoTime();

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The directory for its files (default: a temporary one, which stays).")
  private Path folder; // null for a temporary one

  @Override
  public Integer call() throws Exception {
    requireValid();
    Path files =
        folder == null ? Files.createTempDirectory("idle-") : Files.createDirectories(folder);
    files = files.toAbsolutePath();
    System.err.println("seed " + seed + ", files in " + files);
    Plan plan = new Plan(options.keepalive(jar.path()), end, within, youngestMs, oldestMs, more);
    try (BusyLoops loops = BusyLoops.start(options.busy(), files)) {
      Turns turns = new Turns(loops);
      return library
          ? report(Cuts.makeWithLibrary(plan, turns, cuts, pairs, seed, files), Report::ofLibrary)
          : report(Cuts.make(plan, turns, cuts, pairs, seed, files), all -> Report.of(end, all));
    }
  }

  private void requireValid() {
    require(cuts >= 1 && cuts <= MOST_CUTS, "--cuts " + cuts + " is not from 1 to " + MOST_CUTS);
    require(
        pairs >= 1 && pairs <= MOST_PAIRS, "--pairs " + pairs + " is not from 1 to " + MOST_PAIRS);
    require(
        youngestMs >= 0 && youngestMs <= oldestMs,
        "--youngest " + youngestMs + " is not from 0 to --oldest " + oldestMs);
    options.requireValid();
    if (!library) {
      jar.requireReadable();
    }
    require(!library || !options.realtime(), "--library doesn't run with --realtime");
    require(!library || end == End.CUT, "--library measures cuts only, not --end " + end);
    within.forEach(this::requireBudget);
  }

  private <T extends Outcome> int report(List<T> all, Function<List<T>, String> table) {
    PrintWriter out = spec.commandLine().getOut();
    boolean enough = true;
    for (String budget : within) {
      List<T> of = all.stream().filter(cut -> cut.budget().equals(budget)).toList();
      int counting = Report.counting(of).size();
      enough &= counting == cuts;
      out.printf(
          Locale.ROOT,
          "%d %s within %s, %d pairs%s, seed %d%n%n%s%n",
          counting,
          end.plural(),
          budget,
          pairs,
          options.conditions(),
          seed,
          table.apply(of));
    }
    out.flush();
    return enough ? 0 : 1;
  }

  private void requireBudget(String budget) {
    try {
      Duration unused = Plan.time(budget);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
