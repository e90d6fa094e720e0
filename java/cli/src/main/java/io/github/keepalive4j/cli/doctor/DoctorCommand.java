package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.doctor.Finding.Outcome;
import io.github.keepalive4j.cli.guard.FenceOptions;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.cli.qemu.TakeoverOptions;
import io.github.keepalive4j.cli.values.ShellText;
import io.github.keepalive4j.cli.watch.LinkOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what this machine can do for a link, and what would fail at a failover. */
@Command(
    name = "doctor",
    description = {
      "Shows what this machine can do for a link, and how soon a link with these options finds a silent source.",
      "With --zookeeper, --qmp, --fence, --on-failover or --journal it tries without harm what a failover",
      "needs, and says what would fail."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:if the shim is loaded, the kernel takes every option, and nothing that was tried would fail",
      "1:if not",
      "2:bad usage"
    },
    footerHeading = "Notes:%n",
    footer = {
      "It changes no node and no machine, runs neither fence nor CMD, and doesn't open the journal. Each of",
      "these checks ends after 10s. Run it as the user, and in the environment, that watch has."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Mixin private LinkOptions linkOptions;

  @Mixin private TakeoverOptions takeoverOptions;

  @Mixin private FenceOptions fenceOptions;

  @Mixin private GuardOptions guardOptions;

  @Option(
      names = "--on-failover",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = "What sh -c would run at a failover: it is parsed and looked up, not run.")
  private String failoverCommand; // null for none

  @Mixin private OutputOptions outputOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    KeepaliveOptions options = linkOptions.toOptions();
    takeoverOptions.check();
    fenceOptions.check();
    guardOptions.check();
    if (!outputOptions.isJson()) {
      return check(options, new Report(this::print));
    }
    try (Output output = outputOptions.open()) {
      AtExit.write(output);
      return check(options, new Report(finding -> output.event(Report.event(finding))));
    }
  }

  private void print(Finding finding) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-24s%s%n", finding.check(), finding.text());
    out.flush();
  }

  private int check(KeepaliveOptions options, Report report)
      throws IOException, InterruptedException {
    new MachineCheck(report).run(options);
    List<String> failed = new ArrayList<>();
    for (Check check : checks()) {
      List<Finding> findings = new TimedCheck(check).findingsWithin(LIMIT);
      findings.forEach(report::tell);
      if (findings.stream().anyMatch(finding -> finding.outcome() == Outcome.FAILED)) {
        failed.add(check.name());
      }
    }
    if (!checks().isEmpty()) {
      report.tell("at a failover", failed.isEmpty(), summary(failed));
    }
    return report.hasFailure() ? ExitStatus.FAILED : ExitStatus.OK;
  }

  private static String summary(List<String> failed) {
    return failed.isEmpty()
        ? "nothing that was tried would fail"
        : "would fail, for " + String.join(", ", failed);
  }

  private List<Check> checks() {
    List<Check> checks = new ArrayList<>();
    if (guardOptions.ensemble() != null) {
      checks.add(new EnsembleCheck(guardOptions.ensemble(), guardOptions.guard()));
    }
    takeoverOptions
        .target()
        .ifPresent(target -> checks.add(new QemuCheck(target, takeoverOptions.action())));
    fenceOptions.commands().forEach(command -> checks.add(new ShellCheck("fence", command)));
    Optional.ofNullable(failoverCommand)
        .ifPresent(command -> checks.add(new ShellCheck("on-failover", command)));
    guardOptions
        .journalFile()
        .ifPresent(file -> checks.add(new JournalCheck(file, guardOptions.journalTimeout())));
    return checks;
  }
}
