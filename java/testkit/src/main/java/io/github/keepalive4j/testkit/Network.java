package io.github.keepalive4j.testkit;

import io.github.keepalive4j.testkit.Device.Defect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A network of a lab, to which each host has one connection. */
final class Network {
  private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(10);

  private final int number;
  private final List<Nic> nics = new ArrayList<>();
  private Bridge bridge;

  Network(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  List<Nic> nics() {
    return nics;
  }

  /** Returns the bridge that joins the hosts; without nftables there is always one. */
  Bridge bridge() {
    return bridge;
  }

  void add(Nic nic) {
    nics.add(nic);
  }

  /** Joins two hosts as by one cable, which the bridge in the namespace only imitates. */
  void join(Namespace namespaceOfBridge) throws IOException {
    bridge = Bridge.join(nics, namespaceOfBridge);
    if (isCable()) {
      nics.get(0).link().shareCable(bridge.setPort(nics.get(1)));
      nics.get(1).link().shareCable(bridge.setPort(nics.get(0)));
    }
  }

  void joinDirectly() throws IOException {
    List<String> link = new ArrayList<>(List.of("ip", "link", "add"));
    link.addAll(nics.get(0).linkEnd());
    link.addAll(List.of("type", "veth", "peer"));
    link.addAll(nics.get(1).linkEnd());
    Command.run(link.toArray(String[]::new));
  }

  void setUp() throws IOException {
    for (Nic nic : nics) {
      nic.link().setUp();
    }
    awaitCarrier();
    Host first = nics.get(0).host();
    for (Nic other : nics.get(0).peers()) {
      Condition.await(
          other + " reachable from " + first, SETTLE_TIMEOUT, () -> first.reaches(other));
    }
  }

  /** Waits until each link that is not down at either end carries packets. */
  void awaitCarrier() throws IOException {
    List<Nic> up = nics.stream().filter(nic -> !nic.link().has(Defect.DOWN)).toList();
    if (isCable() && up.size() < nics.size()) {
      return;
    }
    for (Nic nic : up) {
      Condition.await("carrier on " + nic, SETTLE_TIMEOUT, nic.link()::hasCarrier);
    }
  }

  /** Forgets whom each host has asked for a hardware address while a link was down. */
  void forgetUnanswered() throws IOException {
    for (Nic nic : nics) {
      nic.link().forgetUnanswered();
    }
  }

  /** Tells whether the hosts are two, which see each other's link go down. */
  private boolean isCable() {
    return nics.size() == 2;
  }
}
