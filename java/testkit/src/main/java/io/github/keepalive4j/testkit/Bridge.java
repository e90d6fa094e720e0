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
  private final Map<Nic, String> ports = new HashMap<>();

  /** How many faults keep a host's port off the bridge. */
  private final Map<Nic, Integer> cuts = new HashMap<>();

  private Bridge(Namespace namespace) {
    this.namespace = namespace.name();
  }

  /** Joins hosts by a bridge that forwards at once. */
  static Bridge join(List<Nic> nics, Namespace namespace) throws IOException {
    Bridge bridge = new Bridge(namespace);
    bridge.join(nics);
    return bridge;
  }

  private void join(List<Nic> nics) throws IOException {
    Command.run(
        "ip", "-n", namespace, "link", "add", NAME, "type", "bridge", "mcast_snooping", "0");
    List<String> commands = new ArrayList<>(List.of("link set " + NAME + " up"));
    for (Nic nic : nics) {
      String port = "to-host" + commands.size();
      List<String> link = new ArrayList<>(List.of("ip", "link", "add"));
      link.addAll(nic.linkEnd());
      link.addAll(List.of("type", "veth", "peer", "name", port, "netns", namespace));
      Command.run(link.toArray(String[]::new));
      commands.add("link set " + port + " master " + NAME + " up");
      ports.put(nic, port);
    }
    Command.ipBatch(namespace, commands);
  }

  /** Returns the start of an {@code ip} command that changes a host's port. */
  List<String> setPort(Nic nic) {
    return List.of("ip", "-n", namespace, "link", "set", ports.get(nic));
  }

  synchronized void cut(Nic nic) throws IOException {
    if (cuts.merge(nic, 1, Integer::sum) == 1) {
      setPort(nic, "nomaster");
    }
  }

  synchronized void restore(Nic nic) throws IOException {
    if (cuts.computeIfPresent(nic, (key, times) -> times == 1 ? null : times - 1) == null) {
      setPort(nic, "master", NAME);
    }
  }

  private void setPort(Nic nic, String... setting) throws IOException {
    List<String> command = new ArrayList<>(setPort(nic));
    command.addAll(List.of(setting));
    Command.run(command.toArray(String[]::new));
  }
}
