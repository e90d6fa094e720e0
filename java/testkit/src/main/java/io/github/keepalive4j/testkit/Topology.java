package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How the hosts of a lab are joined: two directly, more by a bridge in a namespace of its own. */
final class Topology {
  private static final String BRIDGE = "bridge0";

  private Topology() {}

  /** Joins two hosts by a veth pair. */
  static void joinDirectly(Host one, Host other) throws IOException {
    List<String> link = new ArrayList<>(List.of("ip", "link", "add"));
    link.addAll(end(one));
    link.addAll(List.of("type", "veth", "peer"));
    link.addAll(end(other));
    Command.run(link.toArray(String[]::new));
  }

  /** Joins hosts by a bridge that forwards at once. */
  static void joinByBridge(List<Host> hosts, Namespace bridge) throws IOException {
    Command.run(
        "ip", "-n", bridge.name(), "link", "add", BRIDGE, "type", "bridge", "mcast_snooping", "0");
    List<String> commands = new ArrayList<>(List.of("link set " + BRIDGE + " up"));
    for (Host host : hosts) {
      String port = "to-host" + commands.size();
      List<String> link = new ArrayList<>(List.of("ip", "link", "add"));
      link.addAll(end(host));
      link.addAll(List.of("type", "veth", "peer", "name", port, "netns", bridge.name()));
      Command.run(link.toArray(String[]::new));
      commands.add("link set " + port + " master " + BRIDGE + " up");
    }
    Command.ipBatch(bridge.name(), commands);
  }

  private static List<String> end(Host host) {
    return List.of(
        "name", host.device(), "address", host.hardwareAddress(), "netns", host.namespace());
  }
}
