package io.github.keepalive4j.soak.calm;

import io.github.keepalive4j.soak.program.CommandOptions;
import io.github.keepalive4j.soak.program.JarOption;
import io.github.keepalive4j.support.BusyLoops;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds links without any fault, and counts the failovers. */
@Command(
    name = "calm",
    mixinStandardHelpOptions = true,
    description =
        "Holds links of the shipped command for a time, in which no fault befalls them, and counts false"
            + " failovers and suspicions. The exit status is 1 if there was a failover, or a process ended.")
public final class CalmCommand implements Callable<Integer> {
  private static final int MOST_MINUTES = 10_000;
  private static final int MOST_PAIRS = 16;

  @Spec private CommandSpec spec;
  @Mixin private CommandOptions options;
  @Mixin private JarOption jar;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How long, in minutes, more than 0 to 10000; fractions are allowed (default: ${DEFAULT-VALUE}).")
  private double minutes;

  @Option(
      names = "--link",
      paramLabel = "TIME:host|process",
      split = ",",
      defaultValue = "30ms:host,50ms:process",
      description =
          "A link's --detect-within and --liveness (default: ${DEFAULT-VALUE}). Separate several by commas or"
              + " repeat the option: they are held side by side.")
  private List<String> links;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "How many sources and backups there are for each link, 1 to 16 (default: ${DEFAULT-VALUE}).")
  private int pairs;

  @Override
  public Integer call() throws Exception {
    requireValid();
    List<Link> parsed = links.stream().map(this::parse).distinct().toList();
    Path folder = Files.createTempDirectory("calm-");
    try {
      return run(parsed, folder);
    } finally {
      delete(folder);
    }
  }

  private int run(List<Link> parsed, Path folder)
      throws IOException, InterruptedException, TimeoutException {
    try (BusyLoops loops = BusyLoops.start(options.busy(), folder);
        Calm calm = Calm.open(parsed, pairs, options.keepalive(jar.path()))) {
      spec.commandLine().getErr().println("all are up, beside " + loops.count() + " busy loops");
      Calm.holdFor(minutes);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(Locale.ROOT, "%s minutes%s%n%n", minutes, options.conditions());
      out.print(calm.table(parsed));
      out.flush();
      return calm.isUndisturbed() ? 0 : 1;
    }
  }

  private static void delete(Path folder) throws IOException {
    for (String name : List.of("busy", "busy.c")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  private Link parse(String link) {
    try {
      return Link.parse(link);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requireValid() {
    require(
        minutes > 0 && minutes <= MOST_MINUTES,
        "--minutes " + minutes + " is not more than 0 and up to " + MOST_MINUTES);
    require(
        pairs >= 1 && pairs <= MOST_PAIRS, "--pairs " + pairs + " is not from 1 to " + MOST_PAIRS);
    options.requireValid();
    jar.requireReadable();
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
