package io.github.keepalive4j.testkit;

import io.github.keepalive4j.testkit.internal.Arguments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/**
 * Hosts on this machine, each a network namespace, joined by a network of their own. Labs do not
 * see each other, so that any number may be open at once, in one JVM or several.
 *
 * <p>Two hosts are joined as by one cable: each sees the other's link go down. More are joined by a
 * bridge, where nobody sees that.
 *
 * <p>A lab opens without nftables, too. A bridge then joins its hosts, even two, and {@link
 * Host#drop} takes a host's port off it. To the hosts this looks the same: two of them still see
 * each other's link go down, and a cut tells nobody. Only the faults that need nftables fail: those
 * that reject packets, lose some, or drop them in one direction or between two of several hosts.
 *
 * <p>Closing a lab undoes its faults, kills its processes and deletes its namespaces. The end of
 * the JVM closes labs left open. When the JVM is killed, the next lab opened on this machine clears
 * what it left.
 *
 * <p>All methods may be called by any thread.
 */
public final class Lab implements AutoCloseable {
  private static final String SOURCE = "source";
  private static final String BACKUP = "backup";
  private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final int MAX_HOSTS = 250;
  private static final int MAX_NETWORKS = 8;

  /** No host can have this name. */
  private static final String BRIDGE_NAME = "_bridge";

  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final Set<Lab> OPEN = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Lab::closeAll, "close labs"));
  }

  private final int number = NUMBERS.incrementAndGet();
  private final Map<String, Host> hosts = new LinkedHashMap<>();
  private final List<Network> networks = new ArrayList<>();
  private final List<Namespace> namespaces = new ArrayList<>();
  private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean hasNftables;
  private boolean closed;

  private Lab() {}

  /**
   * Opens a lab of two hosts, {@link #source} and {@link #backup}. They can reach each other by
   * IPv4 and IPv6 when the call returns.
   *
   * @return the lab, to be closed
   * @throws IOException if a tool or privilege is lacking, which {@link #unavailabilityCause}
   *     explains, or fails
   */
  public static Lab open() throws IOException {
    return open(SOURCE, BACKUP);
  }

  /**
   * Opens a lab with hosts of these names. They can reach each other by IPv4 and IPv6 when the call
   * returns.
   *
   * @param hostNames 2 to 250 different names, each of at most 32 lower-case letters, digits and
   *     inner hyphens
   * @return the lab, to be closed
   * @throws IllegalArgumentException if the names are not such
   * @throws IOException if a tool or privilege is lacking, which {@link #unavailabilityCause}
   *     explains, or fails
   */
  public static Lab open(String... hostNames) throws IOException {
    return builder()
        .hosts(Arguments.noneNull("hostNames", hostNames).toArray(String[]::new))
        .open();
  }

  /**
   * Begins a lab of two hosts, {@link #source} and {@link #backup}, on one network.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Tells whether labs can be opened here.
   *
   * @return whether there is no {@link #unavailabilityCause}
   */
  public static boolean isAvailable() {
    return unavailabilityCause().isEmpty();
  }

  /**
   * Tells why labs cannot be opened here. The first call finds out by opening one.
   *
   * @return which tool, library or privilege is lacking; empty if nothing is
   */
  public static Optional<String> unavailabilityCause() {
    return Availability.unavailabilityCause();
  }

  /**
   * Tells why the faults that need nftables cannot be inflicted here: those that reject packets,
   * lose some, or drop them in one direction or between two of several hosts. The first call finds
   * out by inflicting them.
   *
   * @return what is lacking, and how to get it; empty if nothing is
   */
  public static Optional<String> nftablesUnavailabilityCause() {
    return Availability.nftablesUnavailabilityCause();
  }

  /**
   * Returns the host that is to fail, in a lab opened without names.
   *
   * @return the host {@code source}
   * @throws IllegalArgumentException if the lab has no host of this name
   */
  public Host source() {
    return host(SOURCE);
  }

  /**
   * Returns the host that is to take over, in a lab opened without names.
   *
   * @return the host {@code backup}
   * @throws IllegalArgumentException if the lab has no host of this name
   */
  public Host backup() {
    return host(BACKUP);
  }

  /**
   * Returns a host.
   *
   * @param name its name
   * @return the host
   * @throws IllegalArgumentException if the lab has no host of this name
   */
  public Host host(String name) {
    Host host = hosts.get(Objects.requireNonNull(name, "name"));
    if (host == null) {
      throw new IllegalArgumentException("no host " + name + " among " + hosts.keySet());
    }
    return host;
  }

  /**
   * Returns all hosts.
   *
   * @return the hosts, in the order of their names at opening
   */
  public List<Host> hosts() {
    return List.copyOf(hosts.values());
  }

  /**
   * Undoes the faults, kills all processes on the hosts and deletes the namespaces. Sockets that
   * this JVM still has there stay open but are cut off. Does nothing when the lab is closed.
   *
   * @throws IOException if something is left
   */
  @Override
  public void close() throws IOException {
    lifecycle.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        OPEN.remove(this);
        demolish();
      }
    } finally {
      lifecycle.writeLock().unlock();
    }
  }

  /** Does something that needs the lab to be open and stay so. */
  <T> T whileOpen(Action<T> action) throws IOException {
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the lab is closed");
      }
      return action.run();
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  Fault inflict(String description, Step inflict, Step undo) throws IOException {
    return whileOpen(() -> Fault.inflict(description, inflict, () -> unlessClosed(undo)));
  }

  boolean hasNftables() {
    return hasNftables;
  }

  private void unlessClosed(Step step) throws IOException {
    lifecycle.readLock().lock();
    try {
      if (!closed) {
        step.run();
      }
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  private void build(List<String> hostNames, int networkCount) throws IOException {
    for (int network = 0; network < networkCount; network++) {
      networks.add(new Network(network));
    }
    for (String name : hostNames) {
      Host host = new Host(this, name, addNamespace(name));
      hosts.put(name, host);
      for (Network network : networks) {
        Nic nic = new Nic(host, hosts.size(), network);
        host.add(nic);
        network.add(nic);
      }
    }
    hasNftables = hosts.values().stream().allMatch(host -> host.firewall().isAvailable());
    for (Network network : networks) {
      if (hosts.size() == 2 && hasNftables) {
        network.joinDirectly();
      } else {
        String suffix = network.number() == 0 ? "" : Integer.toString(network.number());
        network.join(addNamespace(BRIDGE_NAME + suffix));
      }
      network.setUp();
    }
  }

  private Namespace addNamespace(String name) throws IOException {
    Namespace namespace = Namespace.create(NamespaceName.ofThisProcess(number, name).toString());
    namespaces.add(namespace);
    return namespace;
  }

  private void demolish() throws IOException {
    List<Step> steps = new ArrayList<>();
    hosts.values().forEach(host -> steps.add(host::tearDown));
    namespaces.forEach(namespace -> steps.add(namespace::close));
    hosts.values().forEach(host -> steps.add(host::awaitProcessesGone));
    IOException failure = null;
    for (Step step : steps) {
      try {
        step.run();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void requireValid(List<String> hostNames) {
    if (hostNames.size() < 2 || hostNames.size() > MAX_HOSTS) {
      throw new IllegalArgumentException(
          "2 to " + MAX_HOSTS + " hosts are possible, not " + hostNames.size());
    }
    for (String name : hostNames) {
      if (!HOST_NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("not a host name: " + name);
      }
    }
    if (hostNames.stream().distinct().count() != hostNames.size()) {
      throw new IllegalArgumentException("host names twice: " + hostNames);
    }
  }

  private static void closeAll() {
    for (Lab lab : OPEN) {
      try {
        lab.close();
      } catch (IOException e) {
        // the next lab clears what is left
      }
    }
  }

  private static void closeAfter(Exception cause, Lab lab) {
    try {
      lab.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Says which hosts and networks a lab has. Not thread-safe. */
  public static final class Builder {
    private List<String> hostNames = List.of(SOURCE, BACKUP);
    private int networks = 1;

    private Builder() {}

    /**
     * Sets the hosts.
     *
     * @param names 2 to 250 different names, each of at most 32 lower-case letters, digits and
     *     inner hyphens
     * @return this
     * @throws IllegalArgumentException if the names are not such
     */
    public Builder hosts(String... names) {
      hostNames = Arguments.noneNull("names", names);
      requireValid(hostNames);
      return this;
    }

    /**
     * Sets how many networks join the hosts, each with a cable or bridge of its own. A host has a
     * {@link Host#nic} for each: for links over two paths, say.
     *
     * @param count from 1 to 8
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder networks(int count) {
      if (count < 1 || count > MAX_NETWORKS) {
        throw new IllegalArgumentException(
            "1 to " + MAX_NETWORKS + " networks are possible, not " + count);
      }
      networks = count;
      return this;
    }

    /**
     * Opens the lab. The hosts can reach each other on each network, by IPv4 and IPv6, when the
     * call returns.
     *
     * @return the lab, to be closed
     * @throws IOException if a tool or privilege is lacking, which {@link #unavailabilityCause}
     *     explains, or fails
     */
    public Lab open() throws IOException {
      Optional<String> lacking = Availability.lacking();
      if (lacking.isPresent()) {
        throw new IOException(lacking.get());
      }
      Residue.clear();
      Lab lab = new Lab();
      OPEN.add(lab);
      try {
        lab.build(hostNames, networks);
        return lab;
      } catch (IOException | RuntimeException e) {
        closeAfter(e, lab);
        throw e;
      }
    }
  }
}
