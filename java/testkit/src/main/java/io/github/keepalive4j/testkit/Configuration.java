package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device's addresses and the routes of its namespace. They are restored after a fault that took
 * some of them away: the kernel drops routes together with an address, and drops routes and IPv6
 * addresses when a link goes down.
 */
record Configuration(List<String> addresses, List<String> routes) {
  private static final Pattern LAB_DEVICE = Pattern.compile(" dev (eth\\d+)\\b");

  static Configuration of(String namespace, String device) throws IOException {
    return new Configuration(addresses(namespace, device), routes(namespace, device));
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
  void restoreRoutes(String namespace, String device) throws IOException {
    List<String> missing = new ArrayList<>(routes);
    missing.removeAll(routes(namespace, device));
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

  /** Another of the lab's devices keeps its own routes, which fail where that is down. */
  private static boolean isOfAnother(String route, String device) {
    Matcher own = LAB_DEVICE.matcher(route);
    return own.find() && !own.group(1).equals(device);
  }

  private static List<String> routes(String namespace, String device) throws IOException {
    List<String> commands = new ArrayList<>();
    for (String family : List.of("-4", "-6")) {
      Command.run("ip", "-n", namespace, "-o", family, "route", "show")
          .lines()
          .filter(route -> !isOfAnother(route, device))
          .map(
              route -> "route replace " + route.replace(" linkdown", "").replace('\\', ' ').strip())
          .forEach(commands::add);
    }
    return commands;
  }
}
