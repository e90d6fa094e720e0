package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.AtExit;
import io.github.keepalive4j.cli.ConfigOptions;
import io.github.keepalive4j.cli.ExitStatus;
import io.github.keepalive4j.cli.RealtimeOptions;
import io.github.keepalive4j.cli.TrustOptions;
import io.github.keepalive4j.cli.Version;
import io.github.keepalive4j.cli.WaitOptions;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.metrics.Metrics;
import io.github.keepalive4j.cli.metrics.MetricsOptions;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.output.OutputOptions;
import io.github.keepalive4j.cli.values.BindAddress;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.cli.values.ShellText;
import io.github.keepalive4j.cli.workload.Workload;
import io.github.keepalive4j.cli.workload.WorkloadOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The source: lets backups watch this machine. */
@Command(
    name = "serve",
    description =
        "The source: accepts links from the backups that watch it, until a signal stops it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {
      "1:if it could not listen, was not granted the claim to serve, or lost it; with --on-claim-won or"
          + " --on-claim-lost it waits for the claim after a loss, and ends with 1 if --on-claim-won's CMD fails,"
          + " or if the workload that it began has ended",
      "2:bad usage"
    })
public final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--bind",
      paramLabel = "ADDR",
      converter = BindAddress.class,
      description = "The address to listen on (default: all, IPv6 and IPv4).")
  private InetAddress bind; // null for all

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9999",
      converter = Bounds.ListeningPort.class,
      description = "The port, 0 to 65535; 0 lets the kernel choose (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--health",
      paramLabel = "CMD",
      converter = ShellText.class,
      description = {
        "What sh -c runs repeatedly. While it fails or takes longer than --health-interval,",
        "backups with --liveness process get no answer and consider this source hung."
      })
  private String healthCommand; // null for none

  @Option(
      names = "--health-interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Bounds.Timeout.class,
      description =
          "Time between two runs, and the limit for each, 1ms to 2147483647ms (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration healthInterval;

  @Mixin private WorkloadOptions workloadOptions;

  @Mixin private AdmissionOptions admissionOptions;

  @Mixin private TrustOptions trustOptions;

  @Mixin private GuardOptions guardOptions;

  @Mixin private ClaimOptions claimOptions;

  @Mixin private WaitOptions waitOptions;

  @Mixin private RealtimeOptions realtimeOptions;

  @Mixin private MetricsOptions metricsOptions;

  @Mixin private OutputOptions outputOptions;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private ConfigOptions configOptions;

  @Override
  public Integer call() throws InterruptedException {
    guardOptions.check();
    claimOptions.check(guardOptions);
    guardOptions.requireEnsemble("--wait", waitOptions.isGiven());
    workloadOptions.check();
    ListenAddress address = new ListenAddress(bind, port);
    KeepaliveServer.Builder builder =
        realtimeOptions.addTo(
            trustOptions.addTo(admissionOptions.addTo(KeepaliveServer.builder())));
    try (Output output = outputOptions.open();
        HealthCommand health = startHealth(output)) {
      AtExit.write(output);
      if (health != null) {
        builder.health(health);
      }
      try (Guards guards = claimOptions.open(guardOptions, output);
          Metrics metrics = metricsOptions.open(output);
          Workload workload = workloadOptions.open(claimOptions.beginWorkload())) {
        metrics.observeSource(guards);
        claimOptions.warmUp();
        Terms terms =
            new Terms(
                output,
                guards,
                metrics,
                builder,
                workload,
                address,
                () -> claimOptions.newCommands(output, outputOptions.isJson()));
        AtExit.close(terms::standDown, guards);
        terms.run(waitOptions.limit(), claimOptions.areGiven());
      } catch (ClaimDeclinedException e) {
        output.event(
            Event.error(address.toString(), "the claim to serve was declined: " + Messages.of(e)));
      } catch (IOException e) {
        output.event(Event.error(address.toString(), Messages.of(e)));
      }
      return ExitStatus.FAILED;
    }
  }

  private HealthCommand startHealth(Output output) throws InterruptedException {
    return healthCommand == null
        ? null
        : HealthCommand.start(healthCommand, healthInterval, output);
  }
}
