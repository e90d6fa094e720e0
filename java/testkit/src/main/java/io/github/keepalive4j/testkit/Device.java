package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host's network device and the faults of its set-up. Each may be in force several times over.
 */
final class Device {
  /** What can be wrong with a device's set-up. */
  enum Defect {
    DOWN,
    WITHOUT_ADDRESS,
    QUEUE_FULL
  }

  private final String namespace;
  private final String name;
  private final List<String> ownAddresses;
  private final Map<Defect, Integer> inForce = new EnumMap<>(Defect.class);
  private final Map<Nic, Integer> fixedNeighbours = new HashMap<>();
  private @Nullable Configuration healthy;
  private List<String> setOtherEnd = List.of();

  Device(String namespace, String name, List<String> ownAddresses) {
    this.namespace = namespace;
    this.name = name;
    this.ownAddresses = List.copyOf(ownAddresses);
  }

  /**
   * Makes this link and another go down together, as the two ends of one cable.
   *
   * @param setOther the start of an {@code ip} command that changes the other link's far end
   */
  void shareCable(List<String> setOther) {
    setOtherEnd = List.copyOf(setOther);
  }

  String name() {
    return name;
  }

  void setUp() throws IOException {
    List<String> commands = new ArrayList<>(List.of("link set lo up"));
    ownAddresses.forEach(own -> commands.add(Configuration.add(own, name)));
    commands.add("link set " + name + " up");
    Command.ipBatch(namespace, commands);
  }

  boolean hasCarrier() throws IOException {
    return Command.run("ip", "-n", namespace, "-o", "link", "show", "dev", name)
        .contains(" state UP ");
  }

  /**
   * Deletes the device, unless its link's other end was, which cuts off sockets that keep the
   * namespace alive.
   */
  void delete() throws IOException {
    if (Command.run("ip", "-n", namespace, "-o", "link", "show").contains(" " + name + "@")) {
      Command.run("ip", "-n", namespace, "link", "delete", name);
    }
  }

  /**
   * Tells the kernel another host's hardware address, so that it does not look for it. What is
   * fixed several times is released as often.
   */
  synchronized void fixNeighbour(Nic other) throws IOException {
    if (fixedNeighbours.merge(other, 1, Integer::sum) == 1) {
      setNeighbour(other, "permanent");
    }
  }

  /** Lets the kernel look for another host's hardware address again. */
  synchronized void releaseNeighbour(Nic other) throws IOException {
    if (fixedNeighbours.computeIfPresent(other, (key, times) -> times == 1 ? null : times - 1)
        == null) {
      setNeighbour(other, "reachable");
    }
  }

  private void setNeighbour(Nic other, String state) throws IOException {
    String rest = " lladdr " + other.hardwareAddress() + " dev " + name + " nud " + state;
    Command.ipBatch(
        namespace,
        other.addresses().stream().map(address -> "neigh replace " + address + rest).toList());
  }

  synchronized boolean has(Defect defect) {
    return inForce.containsKey(defect);
  }

  /**
   * Is called before the first {@link #inflict}; apart, so that the moment of the fault is known
   * more precisely.
   */
  synchronized Configuration rememberConfiguration() throws IOException {
    if (!has(Defect.DOWN) && !has(Defect.WITHOUT_ADDRESS)) {
      healthy = Configuration.of(namespace, name);
    }
    return healthy;
  }

  synchronized void inflict(Defect defect) throws IOException {
    if (inForce.merge(defect, 1, Integer::sum) == 1) {
      apply(defect);
    }
  }

  synchronized void undo(Defect defect) throws IOException {
    if (inForce.computeIfPresent(defect, (key, times) -> times == 1 ? null : times - 1) == null) {
      revert(defect);
    }
  }

  private void apply(Defect defect) throws IOException {
    switch (defect) {
      case DOWN -> {
        Command.run("ip", "-n", namespace, "link", "set", name, "down");
        setOtherEnd("down");
      }
      case WITHOUT_ADDRESS -> Command.ipBatch(namespace, deletions());
      case QUEUE_FULL -> queueingDiscipline("add", "pfifo", "limit", "0");
    }
  }

  /** With the link down, the kernel has deleted the IPv6 address already. */
  private List<String> deletions() {
    return ownAddresses.stream()
        .filter(own -> !(has(Defect.DOWN) && Configuration.isIpv6(own)))
        .map(own -> "address delete " + own + " dev " + name)
        .toList();
  }

  private void revert(Defect defect) throws IOException {
    switch (defect) {
      case DOWN -> {
        Command.run("ip", "-n", namespace, "link", "set", name, "up");
        setOtherEnd("up");
        restoreConfiguration();
        restoreNeighbours();
      }
      case WITHOUT_ADDRESS -> restoreConfiguration();
      case QUEUE_FULL -> queueingDiscipline("delete");
    }
  }

  /** The kernel would ask for these neighbours again only after a second (retrans_time_ms). */
  void forgetUnanswered() throws IOException {
    String states = "nud incomplete nud failed"; // either of them
    Command.ipBatch(namespace, List.of("neighbour flush dev " + name + " " + states));
  }

  /** The kernel forgets even fixed hardware addresses when a link goes down. */
  private void restoreNeighbours() throws IOException {
    for (Nic other : fixedNeighbours.keySet()) {
      setNeighbour(other, "permanent");
    }
  }

  private void setOtherEnd(String state) throws IOException {
    if (!setOtherEnd.isEmpty()) {
      List<String> command = new ArrayList<>(setOtherEnd);
      command.add(state);
      Command.run(command.toArray(String[]::new));
    }
  }

  /** The handle keeps a discipline of the user's own from being deleted. */
  private void queueingDiscipline(String operation, String... parameters) throws IOException {
    List<String> command = new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", operation));
    command.addAll(List.of("dev", name, "root", "handle", "4a:"));
    command.addAll(List.of(parameters));
    Command.run(command.toArray(String[]::new));
  }

  private void restoreConfiguration() throws IOException {
    boolean withoutOwn = has(Defect.WITHOUT_ADDRESS);
    healthy.restoreAddresses(namespace, name, withoutOwn ? Set.copyOf(ownAddresses) : Set.of());
    if (!withoutOwn && !has(Defect.DOWN)) {
      healthy.restoreRoutes(namespace, name);
    }
  }
}
