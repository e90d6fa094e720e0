package io.github.keepalive4j.bench.report;

import io.github.keepalive4j.bench.measure.BesideBfd;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the report's measurement beside BFD alone. */
@Command(
    name = "bfd",
    mixinStandardHelpOptions = true,
    description = "Cuts a host off silently, for links and BFD sessions that are 5 s old. As root.")
public final class BfdCommand implements Callable<Integer> {
  private static final int MOST_CUTS = 10_000;
  private static final int MOST_BUSY = 1_000;

  @Spec private CommandSpec spec;

  @Option(
      names = "--cuts",
      paramLabel = "N",
      defaultValue = "20",
      description = "Silent cuts beside each BFD session, 1 to 10000 (default: ${DEFAULT-VALUE}).")
  private int cuts;

  @Option(
      names = "--busy",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "Processes that only count meanwhile, 0 to 1000 (default: ${DEFAULT-VALUE}).",
        "With any, links and sessions all run in real time."
      })
  private int busy;

  @Override
  public Integer call() throws Exception {
    OptionRange.require(spec, "--cuts", cuts, 1, MOST_CUTS);
    OptionRange.require(spec, "--busy", busy, 0, MOST_BUSY);
    System.out.println(TextReport.of(Tables.besideBfd(new BesideBfd(cuts, busy).run())));
    return 0;
  }
}
