package io.github.keepalive4j.cli.qemu;

import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.Options;
import io.github.keepalive4j.qemu.ColoPrimaryAction;
import io.github.keepalive4j.qemu.ColoSecondaryAction;
import io.github.keepalive4j.qemu.ContAction;
import io.github.keepalive4j.qemu.FailoverAction;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which QEMU takes over, and how. */
public final class TakeoverOptions {
  @Option(
      names = "--qmp",
      paramLabel = "PATH",
      converter = QmpTarget.Converter.class,
      description = {
        "The QMP socket of the QEMU that takes over at a failover: a path, unix:PATH or tcp:HOST:PORT.",
        "The connection is kept open, and retried while QEMU isn't running."
      })
  private QmpTarget target; // null for none

  @Option(
      names = "--qmp-action",
      paramLabel = "cont|colo-secondary|colo-primary",
      defaultValue = "cont",
      converter = ActionConverter.class,
      completionCandidates = ActionConverter.class,
      description = {
        "With --qmp: start a paused machine; or, in a COLO pair, take over from a lost primary; or go on",
        "without a lost secondary (default: ${DEFAULT-VALUE})."
      })
  private FailoverAction action;

  @Option(
      names = "--qmp-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Bounds.TakeoverLimit.class,
      description = {
        "With --qmp: how long the takeover may take until the machine runs, 1ms to 86400000ms",
        "(default: ${DEFAULT-VALUE})."
      })
  private Duration limit;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public void check() {
    if (target == null && Options.isGiven(spec, "--qmp-action")) {
      throw usage("--qmp-action goes with --qmp");
    }
    if (target == null && Options.isGiven(spec, "--qmp-timeout")) {
      throw usage("--qmp-timeout goes with --qmp");
    }
  }

  /** Starts connecting to the QEMU; null if none is configured. */
  public QemuTakeover open(Output output) {
    return target == null ? null : QemuTakeover.open(target, action, limit, output);
  }

  /** Returns which QEMU takes over, if any. */
  public Optional<QmpTarget> target() {
    return Optional.ofNullable(target);
  }

  /** Returns how it does. */
  public FailoverAction action() {
    return action;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Parses an action's name. */
  static final class ActionConverter implements ITypeConverter<FailoverAction>, Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return List.of("cont", "colo-secondary", "colo-primary").iterator();
    }

    @Override
    public FailoverAction convert(String text) {
      return switch (text) {
        case "cont" -> new ContAction();
        case "colo-secondary" -> new ColoSecondaryAction();
        case "colo-primary" -> ColoPrimaryAction.defaults();
        default ->
            throw new TypeConversionException(
                "'" + text + "' is none of cont, colo-secondary and colo-primary");
      };
    }
  }
}
