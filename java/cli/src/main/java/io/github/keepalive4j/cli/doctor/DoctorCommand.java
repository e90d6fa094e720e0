package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.watch.LinkOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what this machine can do for a link. */
@Command(
    name = "doctor",
    description =
        "Shows what this machine can do for a link, and how soon a link with these options finds a silent source.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:if the shim is loaded and the kernel takes every option",
      "1:if not",
      "2:bad usage"
    })
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private LinkOptions linkOptions;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    KeepaliveOptions options = linkOptions.toOptions();
    tell("keepalive", Version.text() + ", Java " + Runtime.version());
    tell("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    boolean loaded = tellShim();
    boolean optionsWork = tellOptions();
    tell("open files", ProcFile.limit("Max open files"));
    tellSystemDefaults();
    tellDetection("detection", options);
    tellDetection(
        "fastest detection", KeepaliveOptions.detectWithin(KeepaliveOptions.smallestBudget()));
    return loaded && optionsWork ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private boolean tellShim() {
    Optional<Throwable> cause = Transport.NATIVE.unavailabilityCause();
    tell("shim", cause.map(reason -> "not loaded: " + Messages.of(reason)).orElse("loaded"));
    return cause.isEmpty();
  }

  private boolean tellOptions() throws IOException {
    tell("transport", Transport.selected().name().toLowerCase(Locale.ROOT));
    tell("options", "trial values, set on a loopback link and read back");
    boolean allWork = true;
    for (OptionCheck check : OptionCheck.ALL) {
      OptionCheck.Result result = check.run();
      tell("  " + check.option(), "set " + check.value() + ", " + result.text());
      allWork &= result.works();
    }
    return allWork;
  }

  private void tellSystemDefaults() {
    tell("system defaults", "for sockets with keepalive and no options of their own");
    for (String name : new String[] {"time", "intvl", "probes"}) {
      String setting = "tcp_keepalive_" + name;
      String unit = name.equals("probes") ? "" : " s";
      tell("  " + setting, ProcFile.setting("net/ipv4/" + setting) + unit);
    }
  }

  private void tellDetection(String what, KeepaliveOptions options) {
    tell(what, options.worstCaseDetection().toMillis() + " ms");
    tell("  by", options.toString());
  }

  private void tell(String what, String value) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-24s%s%n", what, value);
  }
}
