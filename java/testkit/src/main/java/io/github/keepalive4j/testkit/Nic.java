package io.github.keepalive4j.testkit;

import io.github.keepalive4j.testkit.Device.Defect;
import io.github.keepalive4j.testkit.PacketFault.Path;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host's connection to one network of its {@link Lab}, for faults that leave its other networks
 * as they are.
 */
public final class Nic {
  private final Host host;
  private final Network network;
  private final InetAddress ipv4;
  private final InetAddress ipv6;
  private final String hardwareAddress;
  private final Device link;

  Nic(Host host, int hostNumber, Network network) throws IOException {
    int number = network.number();
    this.host = host;
    this.network = network;
    this.ipv4 = InetAddress.getByName("198.18." + number + "." + hostNumber);
    this.ipv6 =
        InetAddress.getByName(
            "fd00:198:18:" + Integer.toHexString(number) + "::" + Integer.toHexString(hostNumber));
    this.hardwareAddress = "02:00:c6:12:%02x:%02x".formatted(number, hostNumber);
    List<String> addresses = List.of(ipv4.getHostAddress() + "/24", ipv6.getHostAddress() + "/64");
    this.link = new Device(host.namespace(), "eth" + number, addresses);
  }

  /**
   * Returns the host.
   *
   * @return the host that has this connection
   */
  public Host host() {
    return host;
  }

  /**
   * Returns the network device, for example for {@code KeepaliveOptions.Builder#device}.
   *
   * @return the device's name in the host's namespace: {@code eth0} for the first network
   */
  public String device() {
    return link.name();
  }

  /**
   * Returns the host's IPv4 address on this network.
   *
   * @return the address
   */
  public InetAddress ipv4() {
    return ipv4;
  }

  /**
   * Returns the host's IPv6 address on this network.
   *
   * @return the address
   */
  public InetAddress ipv6() {
    return ipv6;
  }

  /**
   * Drops what the host sends and is sent on this network, like {@link Host#drop()}.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault drop() throws IOException {
    return host.faults().drop(this + " drops all", List.of(this));
  }

  /**
   * Loses packets at random on this network, like {@link Host#lossy(double)}.
   *
   * @param percent how many of 100 packets are lost, at a resolution of 0.01
   * @return the fault
   * @throws IllegalArgumentException if it is not from 0 to 100
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault lossy(double percent) throws IOException {
    return host.faults()
        .judge(this + " loses " + percent + " %", bothWays().toList(), NicFaults.dropSome(percent));
  }

  /**
   * Sets the host's link to this network down, like {@link Host#linkDown()}.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault linkDown() throws IOException {
    return host.faults().defect(this + " has its link down", Defect.DOWN, List.of(this));
  }

  @Override
  public String toString() {
    return host + "'s " + device();
  }

  Network network() {
    return network;
  }

  Device link() {
    return link;
  }

  String hardwareAddress() {
    return hardwareAddress;
  }

  /** Returns this end of the link, as {@code ip link add} takes it. */
  List<String> linkEnd() {
    return List.of("name", device(), "address", hardwareAddress, "netns", host.namespace());
  }

  List<String> addresses() {
    return List.of(ipv4.getHostAddress(), ipv6.getHostAddress());
  }

  List<Nic> peers() {
    return network.nics().stream().filter(nic -> nic != this).toList();
  }

  Stream<Path> incoming() {
    return Stream.of(new Path(this, null));
  }

  Stream<Path> outgoing() {
    return peers().stream().map(other -> new Path(other, this));
  }

  Stream<Path> bothWays() {
    return Stream.concat(incoming(), outgoing());
  }

  boolean isReachable(int timeoutMs) throws IOException {
    return ipv4.isReachable(timeoutMs) && ipv6.isReachable(timeoutMs);
  }
}
