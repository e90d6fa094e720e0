package io.github.keepalive4j.soak.program;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the runs that start the shipped command on a machine that may be busy. */
public final class CommandOptions {
  private static final int MOST_LOOPS = 64;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--busy",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "So many processes keep the processors busy during the run, at normal priority, 0 to 64 (default:"
              + " ${DEFAULT-VALUE}).")
  private int busy;

  @Option(
      names = "--realtime",
      description = "serve and watch both run with --realtime (default: without).")
  private boolean realtime;

  public int busy() {
    return busy;
  }

  public boolean realtime() {
    return realtime;
  }

  public Keepalive keepalive(Path jar) {
    return new Keepalive(jar, realtime);
  }

  /** Returns what a heading says about the conditions; nothing of those that don't hold. */
  public String conditions() {
    return (realtime ? ", --realtime" : "") + (busy > 0 ? ", " + busy + " busy loops" : "");
  }

  public void requireValid() {
    if (busy < 0 || busy > MOST_LOOPS) {
      throw new ParameterException(
          spec.commandLine(), "--busy " + busy + " is not from 0 to " + MOST_LOOPS);
    }
  }
}
