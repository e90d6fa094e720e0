package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A device's addresses and the routes of its namespace. They are restored after a fault that took
 * some of them away: the kernel drops routes together with an address, and drops routes and IPv6
 * addresses when a link goes down.
 */
record Configuration(List<String> addresses, List<String> routes) {

  static Configuration of(String namespace, String device) throws IOException {
    return new Configuration(addresses(namespace, device), routes(namespace));
  }

  /** Adds the addresses that are missing now, except the given ones. */
  void restoreAddresses(String namespace, String device, Set<String> exceptions)
      throws IOException {
    Set<String> missing = new LinkedHashSet<>(addresses);
    missing.removeAll(addresses(namespace, device));
    missing.removeAll(exceptions);
    Command.ipBatch(namespace, missing.stream().map(address -> add(address, device)).toList());
  }

  /** Adds the routes that are missing now. */
  void restoreRoutes(String namespace) throws IOException {
    List<String> missing = new ArrayList<>(routes);
    missing.removeAll(routes(namespace));
    Command.ipBatch(namespace, missing);
  }

  static String add(String address, String device) {
    return "address add " + address + " dev " + device + (isIpv6(address) ? " nodad" : "");
  }

  static boolean isIpv6(String address) {
    return address.contains(":");
  }

  private static List<String> addresses(String namespace, String device) throws IOException {
    return Command.run(
            "ip", "-n", namespace, "-o", "address", "show", "dev", device, "scope", "global")
        .lines()
        .map(line -> line.trim().split("\\s+", 5)[3])
        .toList();
  }

  private static List<String> routes(String namespace) throws IOException {
    List<String> commands = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      Command.run("ip", "-n", namespace, "-o", family, "route", "show")
          .lines()
          .map(
              route -> "route replace " + route.replace(" linkdown", "").replace('\\', ' ').strip())
          .forEach(commands::add);
    }
    return commands;
  }
}
