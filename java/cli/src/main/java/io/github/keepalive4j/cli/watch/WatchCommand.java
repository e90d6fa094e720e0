package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Standby;
import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.ConfigOptions;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.RealtimeOptions;
import io.github.keepalive4j.cli.TrustOptions;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.WaitOptions;
import io.github.keepalive4j.cli.command.UserCommand;
import io.github.keepalive4j.cli.guard.FenceOptions;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.guard.ReleaseOptions;
import io.github.keepalive4j.cli.metrics.Metrics;
import io.github.keepalive4j.cli.metrics.MetricsOptions;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.cli.qemu.QemuTakeover;
import io.github.keepalive4j.cli.qemu.TakeoverOptions;
import io.github.keepalive4j.cli.systemd.ServiceManager;
import io.github.keepalive4j.cli.systemd.Watchdog;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.HostAndPort;
import io.github.keepalive4j.cli.values.ShellText;
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
      "3:if the takeover or the failover command failed, was declined, or has lost its claim"
    },
    footerHeading = "Notes:%n",
    footer = {
      "With --zookeeper a backup that took over keeps running to hold its claim. When a signal ends it or",
      "it loses the claim, it stops what it started. With --rearm it then contests the claim again, and a",
      "backup that was beaten watches the winner's claim, and takes over when that ends."
    })
public final class WatchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "HOST:PORT",
      converter = HostAndPort.Converter.class,
      description = "The source; IPv6 in brackets.")
  private HostAndPort source;

  @Mixin private LinkOptions linkOptions;

  @Mixin private CarrierOptions carrierOptions;

  @Mixin private TrustOptions trustOptions;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Bounds.Timeout.class,
      description =
          "How long connecting may take, 1ms to 2147483647ms (default: ${DEFAULT-VALUE}).")
  private Duration connectTimeout;

  @Mixin private TakeoverOptions takeoverOptions;

  @Mixin private FenceOptions fenceOptions;

  @Mixin private GuardOptions guardOptions;

  @Mixin private ReleaseOptions releaseOptions;

  @Mixin private WaitOptions waitOptions;

  @Mixin private SuccessionOptions successionOptions;

  @Mixin private AdvertiseOptions advertiseOptions;

  @Option(
      names = "--on-failover",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = {
        "What sh -c runs at a failover, with KEEPALIVE_PEER, KEEPALIVE_CAUSE, KEEPALIVE_ERRNO,"
            + " KEEPALIVE_LAST_HEARD_MS and KEEPALIVE_LOCAL (trouble on this side, or empty) in its"
            + " environment, and with --zookeeper the claim's KEEPALIVE_TOKEN;"
            + " with --qmp only after the takeover succeeded.",
        "With --json its standard output goes to standard error."
      })
  private String failoverCommand; // null for none

  @Option(
      names = "--rearm",
      description = {
        "Connect and watch again after a failover, or when the source stood down. With --zookeeper: go on for",
        "ever, whoever holds the claim."
      })
  private boolean rearm;

  @Option(
      names = "--failover-when-left",
      description = "Fail over also when the source says that it stands down.")
  private boolean failoverWhenLeft;

  @Option(
      names = "--failover-when-aborted",
      description = {
        "Fail over also when this host itself ended the link, as ss -K does. By default it is connected and",
        "watched again: that says nothing of the source."
      })
  private boolean failoverWhenAborted;

  @Option(
      names = "--confirm",
      paramLabel = "TIME",
      converter = Bounds.TakeoverLimit.class,
      description = {
        "Where the source ended the link, or this host did: try to connect for so long, 1ms to 86400000ms, and",
        "fail over only if the source doesn't answer. By default it fails over at once. Silence always does."
      })
  private Duration confirm; // null for no second opinion

  @Mixin private RealtimeOptions realtimeOptions;

  @Mixin private MetricsOptions metricsOptions;

  @Mixin private OutputOptions outputOptions;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private ConfigOptions configOptions;

  @Override
  public Integer call() throws InterruptedException {
    KeepaliveOptions options = carrierOptions.addTo(trustOptions.addTo(linkOptions.toOptions()));
    takeoverOptions.check();
    fenceOptions.check();
    guardOptions.check();
    releaseOptions.check(guardOptions);
    successionOptions.check(guardOptions);
    advertiseOptions.check(
        guardOptions,
        trustOptions,
        source,
        failoverCommand != null || takeoverOptions.target().isPresent());
    try (Output output = outputOptions.open();
        QemuTakeover takeover = takeoverOptions.open(output);
        UserCommand command = command()) {
      AtExit.write(output);
      try (Guards guards =
              guardOptions.open(output, releaseOptions, advertiseOptions.isFailsafe());
          Metrics metrics = metricsOptions.open(output)) {
        fenceOptions.addTo(guards, output);
        metrics.observeBackup(source.toString(), guards, takeover);
        TakeoverActions.arm(command, guards.haveClaims());
        Target target = new Target(source, advertiseOptions.address(), guards);
        Succession succession = successionOptions.succession(rearm, waitOptions, guards, output);
        Backup backup =
            new Backup(
                source,
                target,
                options,
                guards,
                output,
                () ->
                    new TakeoverActions(
                        output, takeover, command, advertiseOptions.advertisement(guards, output)),
                rearm,
                succession,
                () -> {
                  guards.linkUp();
                  TakeoverActions.arm(command, guards.haveClaims());
                });
        Standby.Builder standby =
            Standby.builder(target::resolve).options(options).connectTimeout(connectTimeout);
        try (Rehearsal rehearsal =
            new Rehearsal(outputOptions.openToNowhere(), target, succession, command != null)) {
          rehearsal.start();
          return watch(backup, standby, guards, metrics, output);
        }
      } catch (IOException e) {
        output.event(Event.error(source.toString(), Messages.of(e)));
        return ExitStatus.FAILED;
      }
    }
  }

  private int watch(
      Backup backup, Standby.Builder standby, Guards guards, Metrics metrics, Output output)
      throws IOException, InterruptedException {
    if (guards.haveClaims()) {
      AtExit.close(backup, guards);
    } else {
      AtExit.close(() -> {}, guards);
    }
    KeepaliveMonitor.Builder builder =
        realtimeOptions
            .addTo(KeepaliveMonitor.builder())
            .failoverWhenLeft(failoverWhenLeft)
            .failoverWhenAborted(failoverWhenAborted);
    if (confirm != null) {
      builder.confirm(confirm);
    }
    try (KeepaliveMonitor monitor = metrics.observe(guards.on(builder)).open();
        Watchdog watchdog = new Watchdog(ServiceManager.ofThisProcess(), monitor::isWorking);
        Backup closed = backup) {
      watchdog.start();
      guards.awaitEnsemble(output);
      return closed.watch(standby.monitor(monitor));
    }
  }

  private UserCommand command() {
    return failoverCommand == null
        ? null
        : new UserCommand(failoverCommand, outputOptions.isJson());
  }
}
