package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.Options;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How the source is probed. */
public final class LinkOptions {
  @Option(
      names = "--idle",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Bounds.WholeSeconds.class,
      description = "Silence before the first probe, 1s to 32767s (default: ${DEFAULT-VALUE}).")
  private Duration idle;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Bounds.WholeSeconds.class,
      description = "Time between probes, 1s to 32767s (default: ${DEFAULT-VALUE}).")
  private Duration interval;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      converter = Bounds.Count.class,
      description = "Probes that may go unanswered, 1 to 127 (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--detect-within",
      paramLabel = "TIME",
      converter = Bounds.Timeout.class,
      description = {
        "Chooses all of this so that a silent source is detected within TIME, 26ms or more",
        "(instead of --idle, --interval and --count)."
      })
  private Duration budget; // null where the three above decide

  @Option(
      names = "--liveness",
      paramLabel = "host|process",
      defaultValue = "host",
      converter = LivenessConverter.class,
      completionCandidates = LivenessConverter.class,
      description = {
        "With --detect-within: what a probe checks. host: the source's host is reachable; process: its",
        "process answers, too (default: ${DEFAULT-VALUE})."
      })
  private Liveness liveness;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public KeepaliveOptions toOptions() {
    return budget == null ? keepaliveOptions() : solvedOptions();
  }

  private KeepaliveOptions keepaliveOptions() {
    if (Options.isGiven(spec, "--liveness")) {
      throw usage("--liveness goes with --detect-within");
    }
    return KeepaliveOptions.builder().idle(idle).interval(interval).count(count).build();
  }

  private KeepaliveOptions solvedOptions() {
    if (Stream.of("--idle", "--interval", "--count")
        .anyMatch(each -> Options.isGiven(spec, each))) {
      throw usage("--detect-within goes without --idle, --interval and --count: it chooses them");
    }
    try {
      return KeepaliveOptions.detectWithin(budget, liveness);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw usage("Invalid value for option '--detect-within': " + e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Takes the names in lower case, as the other options are. */
  static final class LivenessConverter implements ITypeConverter<Liveness>, Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("host", "process").iterator();
    }

    @Override
    public Liveness convert(String text) {
      return switch (text) {
        case "host" -> Liveness.HOST;
        case "process" -> Liveness.PROCESS;
        default -> throw new TypeConversionException("'" + text + "' is neither host nor process");
      };
    }
  }
}
