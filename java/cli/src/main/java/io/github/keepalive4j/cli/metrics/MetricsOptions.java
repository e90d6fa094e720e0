package io.github.keepalive4j.cli.metrics;

import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.BindAddress;
import io.github.keepalive4j.cli.values.Bounds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the metrics are served, if anywhere. */
public final class MetricsOptions {
  @Option(
      names = "--metrics",
      paramLabel = "PORT",
      converter = Bounds.ListeningPort.class,
      description = {
        "Serve metrics in Prometheus' text format at http://ADDR:PORT/metrics, 0 to 65535; 0 lets the",
        "kernel choose; the event metrics reports the port."
      })
  private Integer port; // null for none

  @Option(
      names = "--metrics-bind",
      paramLabel = "ADDR",
      converter = BindAddress.class,
      description = "With --metrics: the address to serve them on (default: loopback).")
  private InetAddress bind; // null for loopback

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Starts serving, and reports the address.
   *
   * @throws IOException if the address is in use or isn't this machine's
   */
  public Metrics open(Output output) throws IOException {
    if (port == null) {
      requireNoAddress();
      return Metrics.NONE;
    }
    InetAddress address = bind == null ? InetAddress.getLoopbackAddress() : bind;
    PrometheusMetrics metrics = PrometheusMetrics.open(new InetSocketAddress(address, port));
    output.event(Event.metrics(metrics.address()));
    return metrics;
  }

  private void requireNoAddress() {
    if (bind != null) {
      throw new ParameterException(spec.commandLine(), "--metrics-bind goes with --metrics");
    }
  }
}
