package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.output.Listing;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.sockets.SocketRules;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the TCP sockets of other processes. */
@Command(
    name = "sockets",
    description = {
      "Shows every TCP socket of a process, JVM or not: its addresses, state and options, how long it would",
      "hang if its peer died now, what is in flight, and what nobody acknowledges. With --within it sets how",
      "soon a dead peer is found, without a restart of the process."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:if the sockets were shown, or all that --within governs were set; with --watch, once the process ended",
      "1:if there is no such process, or the kernel doesn't permit it: one line says which right is missing;"
          + " with --within also if another command sets its sockets, or some couldn't be set",
      "2:bad usage"
    },
    footerHeading = "Notes:%n",
    footer = {
      "A time to hang assumes that the process does what it does now: idle, it sends nothing; sending, it",
      "sends at once. The kernel's timers may add an eighth.",
      "Without --watch, --within sets what is connected now. A peer that answers but doesn't read for longer",
      "than TIME is ended, too. One that doesn't read or answer now is waited for, up to 10 s, and then gets",
      "keepalive alone, which finds a dead peer only while nothing waits to be sent."
    })
public final class SocketsCommand implements Callable<Integer> {
  @Option(
      names = "--pid",
      paramLabel = "N",
      converter = Bounds.ProcessNumber.class,
      description = {
        "The process, 1 to 4194304. By default all processes that the kernel lets this user see; a line says",
        "how many it doesn't."
      })
  private Integer pid; // null for all

  @Mixin private RuleOptions ruleOptions;

  @Option(
      names = "--watch",
      description = {
        "With --within: go on until the process ends. Set also what it opens later, within a second, and what",
        "it sets itself. Spare a peer that answers but doesn't read."
      })
  private boolean watch;

  @Option(
      names = "--end-stuck",
      description = {
        "With --within: end what is stuck already, because its peer has acknowledged nothing for longer than",
        "TIME, neither data nor probes of its closed window. The process gets an error at once."
      })
  private boolean endStuck;

  @Mixin private OutputOptions outputOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<SocketRules> rules = ruleOptions.rules();
    check(rules.isPresent());
    Listing listing = outputOptions.openListing(spec.commandLine().getOut());
    if (rules.isEmpty()) {
      show(new SocketListing(listing));
      return ExitStatus.OK;
    }
    TargetProcess process = TargetProcess.of(pid);
    SocketRules effective = rules.get().withEndStuck(endStuck);
    return watch ? watch(process, effective) : set(process, effective, listing);
  }

  private void check(boolean isSetting) {
    if (isSetting && pid == null) {
      throw usage("--within goes with --pid");
    }
    if (!isSetting && (endStuck || watch)) {
      throw usage((watch ? "--watch" : "--end-stuck") + " goes with --within");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void show(SocketListing listing) throws IOException {
    if (pid == null) {
      listing.showAll();
    } else {
      listing.show(TargetProcess.of(pid));
    }
  }

  private static int set(TargetProcess process, SocketRules rules, Listing listing)
      throws IOException, InterruptedException {
    return SocketSetter.set(process, rules, listing) ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private int watch(TargetProcess process, SocketRules rules) throws IOException {
    try (Output output = outputOptions.open()) {
      AtExit.write(output);
      SocketWatch.untilTheEnd(process, rules, output);
      return ExitStatus.OK;
    }
  }
}
