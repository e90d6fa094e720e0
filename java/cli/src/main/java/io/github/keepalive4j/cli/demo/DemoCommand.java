package io.github.keepalive4j.cli.demo;

import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows two failovers, each between a real source and a real backup. */
@Command(
    name = "demo",
    description = {
      "Shows two failovers. Act 1 cuts the source off silently; act 2 kills the source's process.",
      "Both run on two hosts made of network namespaces, which need root and the package iproute2.",
      "Without these, act 2 runs alone, on loopback.",
      "With --qemu: a virtual machine's host is cut off, and its copy under QEMU takes over."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:if each act ended with a takeover",
      "1:if not, or if an act could not be played",
      "2:bad usage"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String ON_FAILOVER =
      "echo \"taking over from $KEEPALIVE_PEER because of $KEEPALIVE_CAUSE\"";

  @Option(
      names = "--qemu",
      description = {
        "Shows the takeover of a virtual machine instead; needs root and QEMU",
        "(apt-get install qemu-system-x86)."
      })
  private boolean qemu;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (qemu) {
      return status(new QemuDemo(spec.commandLine().getOut()).play());
    }
    Optional<String> lacking = Lab.unavailabilityCause();
    if (lacking.isPresent()) {
      say("Act 1, the silent cut, cannot be played: " + lacking.get() + ".");
      say("Act 2 is played on loopback.");
      playKill(DemoHosts.onLoopback());
      return ExitStatus.FAILED;
    }
    try (Lab lab = Lab.open()) {
      return status(playCut(lab) && playKill(DemoHosts.in(lab)));
    }
  }

  private boolean playCut(Lab lab) throws IOException, InterruptedException {
    say("Act 1: the source is cut off, and nobody is told, as when its power fails.");
    return play(
        DemoHosts.in(lab),
        (source, backup) -> {
          try (Fault cut = lab.source().drop()) {
            DemoTimeline timeline = begin(cut.effectiveNs(), "the source's host is cut off");
            return timeline.follow(backup) == ExitStatus.OK;
          }
        });
  }

  private boolean playKill(DemoHosts stage) throws IOException, InterruptedException {
    say("");
    say("Act 2: the source's process is killed; its kernel tells the backup.");
    return play(
        stage,
        (source, backup) -> {
          DemoTimeline timeline = begin(System.nanoTime(), "the source's process is killed");
          source.close();
          return timeline.follow(backup) == ExitStatus.OK;
        });
  }

  private boolean play(DemoHosts stage, Act act) throws IOException, InterruptedException {
    try (ChildCommand source = stage.serve()) {
      String address = source.awaitEvent(Event.Type.LISTENING).get("peer");
      say("  source:  keepalive serve");
      say("  backup:  keepalive watch " + address + " --on-failover '" + ON_FAILOVER + "'");
      try (ChildCommand backup = stage.watch(address, "--on-failover", ON_FAILOVER)) {
        backup.awaitEvent(Event.Type.UP);
        source.awaitEvent(Event.Type.CONNECTED); // what it hasn't accepted its end would reset
        return act.play(source, backup);
      }
    }
  }

  private DemoTimeline begin(long faultNs, String fault) {
    return DemoTimeline.begin(spec.commandLine().getOut(), faultNs, fault);
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
  }

  private static int status(boolean succeeded) {
    return succeeded ? ExitStatus.OK : ExitStatus.FAILED;
  }

  /** One act: it ends a source, and returns whether the backup took over. */
  private interface Act {
    boolean play(ChildCommand source, ChildCommand backup) throws IOException, InterruptedException;
  }
}
