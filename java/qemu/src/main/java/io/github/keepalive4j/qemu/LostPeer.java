package io.github.keepalive4j.qemu;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The peer to which a COLO primary replicates its disks, and what leads there.
 *
 * @param hosts the hosts, and the paths of local sockets, to which the replication connects
 * @param blockNodes the NBD clients that connect to these, as instances of {@code yank}
 */
record LostPeer(Set<String> hosts, List<QmpValue> blockNodes) {

  private static final String JSON = "json:";

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1");

  /** The names under which QEMU keeps an NBD server's address. */
  private static final List<String> ADDRESSES =
      List.of("host", "path", "server.host", "server.path");

  /** Reads the answer to {@code query-named-block-nodes}. */
  static LostPeer of(QmpValue nodes) {
    Set<String> hosts = new LinkedHashSet<>();
    nodes.values().stream()
        .filter(node -> node.path("drv").asText().equals("replication"))
        .forEach(node -> collect(parsed(node.path("file").asText()), hosts));
    List<QmpValue> clients =
        nodes.values().stream()
            .filter(node -> node.path("drv").asText().equals("nbd"))
            .filter(node -> hosts.stream().anyMatch(host -> isAt(node, host)))
            .map(node -> PeerYank.blockNode(node.path("node-name").asText()))
            .toList();
    return new LostPeer(hosts, clients);
  }

  private static QmpValue parsed(String file) {
    if (!file.startsWith(JSON)) {
      return QmpValue.of(List.of());
    }
    try {
      return QmpValue.parse(file.substring(JSON.length()));
    } catch (IllegalArgumentException e) {
      return QmpValue.of(List.of()); // QEMU cuts what is too long
    }
  }

  /** Collects the addresses of the NBD servers in a block node's options, at any depth. */
  private static void collect(QmpValue options, Set<String> hosts) {
    if (options.path("driver").asText().equals("nbd")) {
      Stream.concat(
              ADDRESSES.stream().map(options::path),
              ADDRESSES.stream().map(options.path("server")::path))
          .map(QmpValue::asText)
          .filter(address -> !address.isEmpty())
          .forEach(hosts::add);
    }
    options.values().forEach(inner -> collect(inner, hosts));
  }

  /** Tells whether an NBD client connects to a host, or a path. */
  private static boolean isAt(QmpValue client, String host) {
    String file = client.path("file").asText();
    Set<String> own = new LinkedHashSet<>();
    collect(parsed(file), own);
    return own.contains(host)
        || file.startsWith("nbd://" + host + ":")
        || file.startsWith("nbd://[" + host + "]:")
        || file.endsWith("?socket=" + host);
  }

  /** Tells whether no replication was found. */
  boolean isUnknown() {
    return hosts.isEmpty();
  }

  /** Reads the answer to {@code query-chardev}. */
  Chardevs chardevs(QmpValue chardevs) {
    return new Chardevs(
        chardevs.values().stream()
            .filter(chardev -> leadsThere(remoteHost(chardev.path("filename").asText())))
            .map(chardev -> PeerYank.chardev(chardev.path("label").asText()))
            .toList());
  }

  /** QEMU's own ends of COLO are connected by loopback, even where a tunnel leads to the peer. */
  private boolean leadsThere(String host) {
    return hosts.contains(host) && !LOOPBACK.contains(host);
  }

  /** Returns the host at the other end, from {@code tcp:HOST:PORT,server=on <-> HOST:PORT}. */
  private static String remoteHost(String filename) {
    int arrow = filename.indexOf(" <-> ");
    if (arrow < 0) {
      return "";
    }
    String remote = filename.substring(arrow + " <-> ".length());
    int port = remote.lastIndexOf(':');
    String host = port < 0 ? remote : remote.substring(0, port);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String toString() {
    return String.join(" ", hosts);
  }

  /** Character devices that lead to the peer. */
  record Chardevs(List<QmpValue> instances) {
    @Override
    public String toString() {
      return String.join(
          " ", instances.stream().map(instance -> instance.path("id").asText()).toList());
    }
  }
}
