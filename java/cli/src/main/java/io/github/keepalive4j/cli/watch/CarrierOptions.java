package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Transport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether a link ends with its interface's carrier. */
public final class CarrierOptions {
  @Option(
      names = "--fail-without-carrier",
      description = {
        "Fail over at once when the link's network interface loses its carrier. For a link on a cable of its",
        "own: a pulled cable looks the same as a source without power. By default probes decide."
      })
  private boolean failWithoutCarrier;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  KeepaliveOptions addTo(KeepaliveOptions options) {
    if (!failWithoutCarrier) {
      return options;
    }
    if (Transport.selected() == Transport.JDK) {
      throw new ParameterException(
          spec.commandLine(),
          "--fail-without-carrier: the JDK transport can't honour it; use the native transport");
    }
    return options.toBuilder().failWithoutCarrier(true).build();
  }
}
