package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bridge that joins hosts, in a namespace of its own. A host whose port is off the bridge is cut
 * off silently: its packets are lost, and both ends of its link stay up.
 */
final class Bridge {
  private static final String NAME = "bridge0";

  private final String namespace;
  private final Map<Host, String> ports = new HashMap<>();

  /** How many faults keep a host's port off the bridge. */
  private final Map<Host, Integer> cuts = new HashMap<>();

  private Bridge(Namespace namespace) {
    this.namespace = namespace.name();
  }

  /** Joins hosts by a bridge that forwards at once. */
  static Bridge join(List<Host> hosts, Namespace namespace) throws IOException {
    Bridge bridge = new Bridge(namespace);
    bridge.join(hosts);
    return bridge;
  }

  private void join(List<Host> hosts) throws IOException {
    Command.run(
        "ip", "-n", namespace, "link", "add", NAME, "type", "bridge", "mcast_snooping", "0");
    List<String> commands = new ArrayList<>(List.of("link set " + NAME + " up"));
    for (Host host : hosts) {
      String port = "to-host" + commands.size();
      List<String> link = new ArrayList<>(List.of("ip", "link", "add"));
      link.addAll(host.linkEnd());
      link.addAll(List.of("type", "veth", "peer", "name", port, "netns", namespace));
      Command.run(link.toArray(String[]::new));
      commands.add("link set " + port + " master " + NAME + " up");
      ports.put(host, port);
    }
    Command.ipBatch(namespace, commands);
  }

  /** Returns the start of an {@code ip} command that changes a host's port. */
  List<String> setPort(Host host) {
    return List.of("ip", "-n", namespace, "link", "set", ports.get(host));
  }

  synchronized void cut(Host host) throws IOException {
    if (cuts.merge(host, 1, Integer::sum) == 1) {
      setPort(host, "nomaster");
    }
  }

  synchronized void restore(Host host) throws IOException {
    if (cuts.computeIfPresent(host, (key, times) -> times == 1 ? null : times - 1) == null) {
      setPort(host, "master", NAME);
    }
  }

  private void setPort(Host host, String... setting) throws IOException {
    List<String> command = new ArrayList<>(setPort(host));
    command.addAll(List.of(setting));
    Command.run(command.toArray(String[]::new));
  }
}
