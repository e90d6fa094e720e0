package io.github.keepalive4j.internal.server;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.RefusalReason;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Decides who may connect to a server, and counts who has. Thread-safe. */
public final class Admission {
  /** How many connections there may be by default. */
  public static final int DEFAULT_MAX = 10_000;

  /** How many there may be from one address by default. */
  public static final int DEFAULT_MAX_PER_ADDRESS = 1_024;

  private final List<IpNetwork> allowed; // empty for everybody
  private final int max;
  private final int maxPerAddress;
  private final Map<InetAddress, Integer> byAddress = new HashMap<>(); // guarded by this
  private int total; // guarded by this

  public Admission(List<IpNetwork> allowed, int max, int maxPerAddress) {
    this.allowed = List.copyOf(allowed);
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /** Counts a connection and returns null, or returns why it is refused. */
  public synchronized RefusalReason admit(InetAddress address) {
    if (!allowed.isEmpty() && allowed.stream().noneMatch(network -> network.contains(address))) {
      return RefusalReason.NOT_ALLOWED;
    }
    if (total >= max) {
      return RefusalReason.TOO_MANY;
    }
    if (byAddress.getOrDefault(address, 0) >= maxPerAddress) {
      return RefusalReason.TOO_MANY_FROM_ADDRESS;
    }
    byAddress.merge(address, 1, Integer::sum);
    total++;
    return null;
  }

  /** Stops counting a connection that {@link #admit} has counted. */
  public synchronized void leave(InetAddress address) {
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    total--;
  }
}
