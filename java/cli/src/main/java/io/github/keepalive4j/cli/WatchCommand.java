package io.github.keepalive4j.cli;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.cli.ArmedLink.End;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The backup: watches a source and fails over. */
@Command(
    name = "watch",
    description =
        "The backup: watches a source, and once it is gone has a QEMU take over, runs a command, or both.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "0:after a failover whose takeover and command succeeded, or if the source stood down",
      "1:if the source could not be reached at the start",
      "2:bad usage",
      "3:if the takeover or the failover command failed"
    })
final class WatchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "HOST:PORT",
      converter = HostAndPort.Converter.class,
      description = "The source; IPv6 in brackets.")
  private HostAndPort source;

  @Mixin private LinkOptions linkOptions;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Bounds.Timeout.class,
      description = "How long connecting may take, 1ms to 2147483647ms (default: 5s).")
  private Duration connectTimeout;

  @Mixin private TakeoverOptions takeoverOptions;

  @Option(
      names = "--on-failover",
      paramLabel = "CMD",
      description = {
        "What sh -c runs at a failover, with KEEPALIVE_PEER, KEEPALIVE_CAUSE, KEEPALIVE_ERRNO and"
            + " KEEPALIVE_LAST_HEARD_MS in its environment; with --qmp only after the takeover succeeded.",
        "With --json its standard output goes to standard error."
      })
  private String failoverCommand; // null for none

  @Option(
      names = "--rearm",
      description = "Connect and watch again after a failover, or when the source stood down.")
  private boolean rearm;

  @Option(
      names = "--failover-when-left",
      description = "Fail over also when the source says that it stands down.")
  private boolean failoverWhenLeft;

  @Mixin private OutputOptions outputOptions;

  @Override
  public Integer call() throws InterruptedException {
    KeepaliveOptions options = linkOptions.toOptions();
    takeoverOptions.check();
    try (Output output = outputOptions.open();
        QemuTakeover takeover = takeoverOptions.open(output)) {
      try (KeepaliveMonitor monitor =
          KeepaliveMonitor.builder().failoverWhenLeft(failoverWhenLeft).open()) {
        tellOfFallback(output);
        return watch(monitor, options, takeover, output);
      } catch (IOException e) {
        output.event(Event.error(source.toString(), Messages.of(e)));
        return ExitStatus.FAILED;
      }
    }
  }

  private static void tellOfFallback(Output output) {
    Transport.NATIVE
        .unavailabilityCause()
        .ifPresent(
            cause ->
                output.note(
                    "keepalive watch: no early warning and no errno, because the shim isn't loaded: "
                        + Messages.of(cause)));
  }

  private int watch(
      KeepaliveMonitor monitor, KeepaliveOptions options, QemuTakeover takeover, Output output)
      throws IOException, InterruptedException {
    Connector connector = new Connector(source, options, connectTimeout, output);
    KeepaliveSocket link = connector.connect();
    while (true) {
      ArmedLink armed = new ArmedLink(output, takeover, command());
      monitor.watch(link, armed, armed);
      End end = armed.awaitEnd();
      if (end != End.VIOLATED && !rearm) {
        return end == End.FAILOVER_FAILED ? ExitStatus.FAILOVER_FAILED : ExitStatus.OK;
      }
      link = connector.reconnect();
    }
  }

  private FailoverCommand command() {
    return failoverCommand == null
        ? null
        : new FailoverCommand(failoverCommand, outputOptions.isJson());
  }
}
