package io.github.keepalive4j.cli.doctor;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.output.Messages;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** What this machine can do for a link. */
final class MachineCheck {
  private final Report report;

  MachineCheck(Report report) {
    this.report = report;
  }

  void run(KeepaliveOptions options) throws IOException {
    report.tell("keepalive", Version.text() + ", Java " + Runtime.version());
    report.tell("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    tellShim();
    tellOptions();
    report.tell("open files", ProcFile.limit("Max open files"));
    tellSystemDefaults();
    tellDetection("detection", options);
    tellDetection(
        "fastest detection", KeepaliveOptions.detectWithin(KeepaliveOptions.smallestBudget()));
  }

  private void tellShim() {
    Optional<Throwable> cause = Transport.NATIVE.unavailabilityCause();
    report.tell(
        "shim",
        cause.isEmpty(),
        cause.map(reason -> "not loaded: " + Messages.of(reason)).orElse("loaded"));
  }

  private void tellOptions() throws IOException {
    report.tell("transport", Transport.selected().name().toLowerCase(Locale.ROOT));
    report.tell("options", "trial values, set on a loopback link and read back");
    for (OptionCheck check : OptionCheck.ALL) {
      OptionCheck.Result result = check.run();
      report.tell(
          "  " + check.option(), result.works(), "set " + check.value() + ", " + result.text());
    }
  }

  private void tellSystemDefaults() {
    report.tell("system defaults", "for sockets with keepalive and no options of their own");
    for (String name : new String[] {"time", "intvl", "probes"}) {
      String setting = "tcp_keepalive_" + name;
      String unit = name.equals("probes") ? "" : " s";
      report.tell("  " + setting, ProcFile.setting("net/ipv4/" + setting) + unit);
    }
  }

  private void tellDetection(String what, KeepaliveOptions options) {
    report.tell(what, options.worstCaseDetection().toMillis() + " ms");
    report.tell("  by", options.toString());
  }
}
