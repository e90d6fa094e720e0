package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.cli.values.Bounds;
import io.github.keepalive4j.internal.server.Admission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Who may connect to a source, and be silent for how long. */
final class AdmissionOptions {
  @Option(
      names = "--allow",
      paramLabel = "NETWORK",
      split = ",",
      converter = Network.class,
      description = {
        "Accept backups only from NETWORK, such as 192.0.2.0/24 or 2001:db8::7. Separate several by commas or",
        "repeat the option (default: from everywhere)."
      })
  private List<IpNetwork> allowed = new ArrayList<>();

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "" + Admission.DEFAULT_MAX,
      converter = Bounds.Connections.class,
      description = "Maximum number of connections, 1 to 2147483647 (default: ${DEFAULT-VALUE}).")
  private int maxConnections;

  @Option(
      names = "--max-connections-per-address",
      paramLabel = "N",
      defaultValue = "" + Admission.DEFAULT_MAX_PER_ADDRESS,
      converter = Bounds.Connections.class,
      description = "Maximum number from one address, 1 to 2147483647 (default: ${DEFAULT-VALUE}).")
  private int maxConnectionsPerAddress;

  @Option(
      names = "--shed-after",
      paramLabel = "TIME",
      defaultValue = "30m",
      converter = Bounds.Patience.class,
      description = {
        "How long a backup may be silent until its connection is ended, 3s to 86400s (default: ${DEFAULT-VALUE}).",
        "Choose three times any backup's budget: one that comes back later fails over."
      })
  private Duration shedAfter;

  KeepaliveServer.Builder addTo(KeepaliveServer.Builder server) {
    if (!allowed.isEmpty()) {
      server.allow(allowed);
    }
    return server
        .shedAfter(shedAfter)
        .maxConnections(maxConnections)
        .maxConnectionsPerAddress(maxConnectionsPerAddress);
  }

  /** Takes networks in CIDR notation. */
  static final class Network implements ITypeConverter<IpNetwork> {
    @Override
    public IpNetwork convert(String text) {
      try {
        return IpNetwork.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
