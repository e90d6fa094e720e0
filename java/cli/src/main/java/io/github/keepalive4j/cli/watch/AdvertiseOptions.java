package io.github.keepalive4j.cli.watch;

import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.TrustOptions;
import io.github.keepalive4j.cli.guard.GuardOptions;
import io.github.keepalive4j.cli.guard.Guards;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.cli.values.HostAndPort;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a backup that took over is watched in its turn. */
final class AdvertiseOptions {
  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      converter = HostAndPort.Converter.class,
      description = {
        "With --zookeeper: this host's own address, where it listens once it has taken over. The backups that it",
        "beat connect there, and each watches it at its own budget. By default they watch its claim alone."
      })
  private HostAndPort address; // null for none

  @Option(
      names = "--failsafe",
      description = {
        "With --advertise: after a takeover, while the ensemble doesn't answer, keep the claim as long as every",
        "other backup has connected here and confirms that it doesn't take over. They need --detect-within."
      })
  private boolean failsafe;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private KeepaliveServer.Builder server; // null for none, and before the check

  /**
   * Refuses the option where nobody would come, and reads what its links need.
   *
   * @param source whose place is taken
   * @param takesOver whether something is started at a failover
   */
  void check(GuardOptions guardOptions, TrustOptions trust, HostAndPort source, boolean takesOver) {
    guardOptions.requireEnsemble("--failsafe", failsafe);
    guardOptions.requireEnsemble("--advertise", address != null);
    if (failsafe && address == null) {
      throw usage("--failsafe goes with --advertise");
    }
    if (address != null && !takesOver) {
      throw usage("--advertise goes with --on-failover or --qmp");
    }
    if (address != null && isWildcard(address)) {
      throw refusal("is no address to which others can connect");
    }
    if (address != null && address.equals(source)) { // the others would take this one for it
      throw refusal("is the source's address, and not this host's own");
    }
    server = address == null ? null : trust.addTo(KeepaliveServer.builder());
  }

  /** Asks no name server. */
  private static boolean isWildcard(HostAndPort any) {
    return LITERAL.matcher(any.host()).matches()
        && !any.resolve().isUnresolved()
        && any.resolve().getAddress().isAnyLocalAddress();
  }

  private ParameterException refusal(String reason) {
    return usage("Invalid value for option '--advertise': '" + address + "' " + reason);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Tells whether a claim outlasts an outage while the other backups hold back. */
  boolean isFailsafe() {
    return failsafe;
  }

  /** Returns where it is watched; null for nowhere. */
  HostAndPort address() {
    return address;
  }

  /** Makes what serves after one takeover; null for nothing. */
  Advertisement advertisement(Guards guards, Output output) {
    return address == null ? null : new Advertisement(address, server, guards, output);
  }
}
