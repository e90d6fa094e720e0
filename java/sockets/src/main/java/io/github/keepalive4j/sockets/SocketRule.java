package io.github.keepalive4j.sockets;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.internal.DurationText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which peers' death has to be noticed, and within what time. Immutable.
 *
 * <p>A rule without a network is for every peer, loopback included. A rule without ports is for
 * every port of the peer.
 */
public final class SocketRule {
  private static final Duration LEAST = Duration.ofMillis(3_375);
  private static final Duration MOST = Duration.ofDays(1);
  private static final int MAX_PORT = 65_535;

  private final Duration within;
  private final @Nullable IpNetwork network; // null for every peer
  private final int firstPort;
  private final int lastPort;

  private SocketRule(Duration within, @Nullable IpNetwork network, int firstPort, int lastPort) {
    this.within = within;
    this.network = network;
    this.firstPort = firstPort;
    this.lastPort = lastPort;
  }

  /**
   * Makes a rule for every peer.
   *
   * @param within how long a connection may outlast its peer: 3.375 s to 1 day. The kernel's
   *     keepalive counts whole seconds and takes two probes, so with less time one lost segment
   *     would end a connection
   * @throws IllegalArgumentException if {@code within} is outside that range, or has a part of a ms
   */
  public static SocketRule within(Duration within) {
    if (Objects.requireNonNull(within, "within").compareTo(LEAST) < 0
        || within.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "within "
              + DurationText.of(within)
              + " is not from "
              + DurationText.of(LEAST)
              + " to "
              + DurationText.of(MOST)
              + ": to survive a lost segment, keepalive takes two probes, which are whole seconds"
              + " apart");
    }
    if (!within.equals(Duration.ofMillis(within.toMillis()))) {
      throw new IllegalArgumentException("within " + within + " is not a whole number of ms");
    }
    return new SocketRule(within, null, 1, MAX_PORT);
  }

  /**
   * Returns this rule for the peers of a network only.
   *
   * @param network of the peers' addresses; an IPv4-mapped IPv6 address counts as IPv4
   */
  public SocketRule to(IpNetwork network) {
    return new SocketRule(within, Objects.requireNonNull(network, "network"), firstPort, lastPort);
  }

  /**
   * Returns this rule for some of the peers' ports only.
   *
   * @param first the first port, 1 to 65535
   * @param last the last port, {@code first} to 65535
   * @throws IllegalArgumentException if one is outside its range
   */
  public SocketRule ports(int first, int last) {
    requirePort("first", first, 1);
    requirePort("last", last, first);
    return new SocketRule(within, network, first, last);
  }

  private static void requirePort(String name, int port, int least) {
    if (port < least || port > MAX_PORT) {
      throw new IllegalArgumentException(
          name + " port " + port + " is not from " + least + " to " + MAX_PORT);
    }
  }

  /** Returns how long a connection may outlast its peer. */
  public Duration within() {
    return within;
  }

  /** Returns the peers' network, or empty for every peer. */
  public Optional<IpNetwork> network() {
    return Optional.ofNullable(network);
  }

  /** Returns the first of the peers' ports. */
  public int firstPort() {
    return firstPort;
  }

  /** Returns the last of the peers' ports. */
  public int lastPort() {
    return lastPort;
  }

  /**
   * Tells whether this rule is for a peer.
   *
   * @param remote the peer's address and port; an unresolved one matches no rule
   */
  public boolean matches(InetSocketAddress remote) {
    return !Objects.requireNonNull(remote, "remote").isUnresolved()
        && firstPort <= remote.getPort()
        && remote.getPort() <= lastPort
        && (network == null || network.contains(remote.getAddress()));
  }

  boolean isForEveryPeer() {
    return network == null && isForEveryPort();
  }

  private boolean isForEveryPort() {
    return firstPort == 1 && lastPort == MAX_PORT;
  }

  /** Returns what a rule's text has after its budget: empty, or {@code to=…}. */
  String target() {
    if (isForEveryPeer()) {
      return "";
    }
    return "to=" + (network == null ? "*" : inBrackets(network)) + portText();
  }

  private static String inBrackets(IpNetwork network) {
    String text = network.toString();
    int slash = text.indexOf('/');
    return network.isIpv4() ? text : "[" + text.substring(0, slash) + "]" + text.substring(slash);
  }

  private String portText() {
    if (isForEveryPort()) {
      return "";
    }
    return ":" + firstPort + (firstPort == lastPort ? "" : "-" + lastPort);
  }

  String budget() {
    return "within=" + DurationText.of(within);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SocketRule rule
        && within.equals(rule.within)
        && Objects.equals(network, rule.network)
        && firstPort == rule.firstPort
        && lastPort == rule.lastPort;
  }

  @Override
  public int hashCode() {
    return Objects.hash(within, network, firstPort, lastPort);
  }

  /** Returns the rule as {@link SocketRules#parse} takes it. */
  @Override
  public String toString() {
    return isForEveryPeer() ? budget() : budget() + "," + target();
  }
}
