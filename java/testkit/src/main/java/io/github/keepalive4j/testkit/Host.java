package io.github.keepalive4j.testkit;

import io.github.keepalive4j.testkit.Device.Defect;
import io.github.keepalive4j.testkit.PacketFault.Path;
import io.github.keepalive4j.testkit.internal.Arguments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

/**
 * A host of a {@link Lab}: it runs processes and tasks of this JVM, and suffers faults.
 *
 * <p>A fault of a host befalls it on all networks of its lab. For one network alone, ask {@link
 * #nic}.
 *
 * <p>A fault is in force when the method that inflicts it returns, and until it is closed. Faults
 * compose, and each is undone without regard to the others.
 */
public final class Host {
  private static final Duration RUN_TIMEOUT = Duration.ofSeconds(30);
  private static final int PROBE_TIMEOUT_MS = 200;
  private static final String REJECT = "reject with icmpx type host-unreachable";

  private final Lab lab;
  private final String name;
  private final Namespace namespace;
  private final NicFaults faults;
  private final List<Nic> nics = new ArrayList<>();
  private final Firewall firewall;
  private final Set<ManagedProcess> processes = ConcurrentHashMap.newKeySet();

  Host(Lab lab, String name, Namespace namespace) throws IOException {
    this.lab = lab;
    this.name = name;
    this.faults = new NicFaults(lab);
    this.namespace = namespace;
    namespace.run(Settings::apply);
    this.firewall = new Firewall(namespace);
  }

  /**
   * Returns the name given when the lab was opened.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the host's network namespace, as {@code ip netns} knows it.
   *
   * @return the namespace's name
   */
  public String namespace() {
    return namespace.name();
  }

  /**
   * Returns the host's IPv4 address on the lab's first network, out of the range for benchmarks,
   * 198.18.0.0/15.
   *
   * @return the address
   */
  public InetAddress ipv4() {
    return nics.get(0).ipv4();
  }

  /**
   * Returns the host's unique local IPv6 address on the lab's first network.
   *
   * @return the address
   */
  public InetAddress ipv6() {
    return nics.get(0).ipv6();
  }

  /**
   * Returns the host's network device on the lab's first network.
   *
   * @return the device's name in the host's namespace
   */
  public String device() {
    return nics.get(0).device();
  }

  /**
   * Returns the host's connection to one of the lab's networks.
   *
   * @param network the network's number, from 0
   * @return the connection
   * @throws IllegalArgumentException if the lab has no such network
   */
  public Nic nic(int network) {
    if (network < 0 || network >= nics.size()) {
      throw new IllegalArgumentException(
          "network " + network + " is not from 0 to " + (nics.size() - 1));
    }
    return nics.get(network);
  }

  /**
   * Starts a command on this host.
   *
   * @param command the program and its arguments
   * @return the process, killed at the latest when the lab is closed
   * @throws IOException if it cannot be started; a program that does not exist shows as exit status
   *     255
   * @throws IllegalStateException if the lab is closed
   */
  public ManagedProcess start(String... command) throws IOException {
    return start(new ProcessBuilder(Arguments.noneNull("command", command)));
  }

  /**
   * Starts a command on this host.
   *
   * @param builder the program and its arguments, environment, directory and redirections; it is
   *     not changed
   * @return the process, killed at the latest when the lab is closed
   * @throws IOException if it cannot be started; a program that does not exist shows as exit status
   *     255
   * @throws IllegalStateException if the lab is closed
   */
  public ManagedProcess start(ProcessBuilder builder) throws IOException {
    ProcessBuilder here = namespace.inside(Objects.requireNonNull(builder, "builder"));
    return lab.whileOpen(
        () -> {
          processes.removeIf(process -> !process.isAlive());
          ManagedProcess process = ManagedProcess.start(here);
          processes.add(process);
          return process;
        });
  }

  /**
   * Starts a class of this JVM's class path or module path in a JVM of its own on this host, with
   * this JVM's {@code java} and the same paths.
   *
   * @param jvmArguments options for the JVM, such as {@code -Xmx64m}
   * @param mainClass the class with the {@code main} method
   * @param arguments the program's arguments
   * @return the process, killed at the latest when the lab is closed
   * @throws IOException if it cannot be started
   * @throws IllegalStateException if the lab is closed
   */
  public ManagedProcess startJava(
      List<String> jvmArguments, Class<?> mainClass, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(Arguments.noneNull("jvmArguments", jvmArguments));
    command.addAll(MainClass.arguments(Objects.requireNonNull(mainClass, "mainClass")));
    command.addAll(Arguments.noneNull("arguments", arguments));
    return start(command.toArray(String[]::new));
  }

  /**
   * Runs a command on this host to its end, for at most 30 s. Its standard input is empty.
   *
   * @param command the program and its arguments
   * @return what it wrote on its standard output
   * @throws CommandException if its exit status is not 0
   * @throws IOException if it cannot be started, or is killed because the time ran out
   * @throws InterruptedException if the thread is interrupted while it waits; the command is killed
   *     then
   * @throws IllegalStateException if the lab is closed
   */
  public String run(String... command) throws IOException, InterruptedException {
    try (ManagedProcess process = start(command)) {
      process.stdin().close();
      process.waitFor(RUN_TIMEOUT);
      return process.stdoutOfSuccess();
    } catch (TimeoutException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Calls a task on a thread that has entered this host's network namespace. Sockets that it opens
   * belong to this host, and stay so when other threads use them later. Threads and processes that
   * it starts are on this host too.
   *
   * @param task the task
   * @param <T> the type of its result
   * @return its result
   * @throws Exception if the task throws it
   * @throws InterruptedException if the thread is interrupted while it waits; the task is
   *     interrupted then
   * @throws IllegalStateException if the lab is closed
   */
  public <T> T call(Callable<T> task) throws Exception {
    Objects.requireNonNull(task, "task");
    Future<T> result = lab.whileOpen(() -> namespace.submit(task));
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /**
   * Drops what this host sends and what it is sent: it is cut off, and nobody is told. Links stay
   * up, and neighbours still resolve each other's hardware addresses, as if the cut were behind a
   * router. It works without nftables, too.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault drop() throws IOException {
    return faults.drop(name + " drops all", nics);
  }

  /**
   * Drops what this host and a peer send each other. In a lab of two hosts it works without
   * nftables, too.
   *
   * @param peer another host of the lab
   * @return the fault
   * @throws IOException if it cannot be inflicted; with more than two hosts it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault drop(Host peer) throws IOException {
    requirePeer(peer);
    String what = name + " drops all from and to " + peer;
    if (!lab.hasNftables() && lab.hosts().size() == 2) {
      return faults.leaveBridge(what, nics);
    }
    List<Path> paths = new ArrayList<>(pathsFrom(peer));
    paths.addAll(peer.pathsFrom(this));
    return faults.judge(what, paths, NicFaults.DROP);
  }

  /**
   * Drops what this host is sent.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault dropIncoming() throws IOException {
    return faults.judge(name + " drops incoming", incoming(), NicFaults.DROP);
  }

  /**
   * Drops what this host sends. It is dropped where it would arrive: the sender is not told, as
   * with a cut wire.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault dropOutgoing() throws IOException {
    return faults.judge(name + " drops outgoing", outgoing(), NicFaults.DROP);
  }

  /**
   * Drops what a peer sends this host.
   *
   * @param peer another host of the lab
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault dropFrom(Host peer) throws IOException {
    requirePeer(peer);
    return faults.judge(name + " drops all from " + peer, pathsFrom(peer), NicFaults.DROP);
  }

  /**
   * Drops what this host sends a peer.
   *
   * @param peer another host of the lab
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault dropTo(Host peer) throws IOException {
    requirePeer(peer);
    return faults.judge(name + " drops all to " + peer, peer.pathsFrom(this), NicFaults.DROP);
  }

  /**
   * Loses packets at random, in both directions.
   *
   * @param percent how many of 100 packets are lost, at a resolution of 0.01
   * @return the fault
   * @throws IllegalArgumentException if it is not from 0 to 100
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault lossy(double percent) throws IOException {
    return faults.judge(name + " loses " + percent + " %", bothWays(), NicFaults.dropSome(percent));
  }

  /**
   * Loses packets at random that this host is sent.
   *
   * @param percent how many of 100 packets are lost, at a resolution of 0.01
   * @return the fault
   * @throws IllegalArgumentException if it is not from 0 to 100
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault lossyIncoming(double percent) throws IOException {
    return faults.judge(
        name + " loses " + percent + " % of incoming", incoming(), NicFaults.dropSome(percent));
  }

  /**
   * Loses packets at random that this host sends.
   *
   * @param percent how many of 100 packets are lost, at a resolution of 0.01
   * @return the fault
   * @throws IllegalArgumentException if it is not from 0 to 100
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault lossyOutgoing(double percent) throws IOException {
    return faults.judge(
        name + " loses " + percent + " % of outgoing", outgoing(), NicFaults.dropSome(percent));
  }

  /**
   * Rejects what this host is sent: the sender gets an ICMP error, host unreachable (in IPv6
   * address unreachable).
   *
   * <p>There is no latency here, so that the error can be back while the sender's system call still
   * holds the socket. The kernel then only takes note of it: a {@code connect} fails at its second
   * SYN, after a second.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault reject() throws IOException {
    return faults.judge(name + " rejects incoming", incoming(), REJECT);
  }

  /**
   * Rejects what a peer sends this host, as {@link #reject} does.
   *
   * @param peer another host of the lab
   * @return the fault
   * @throws IOException if it cannot be inflicted; it needs nftables
   * @throws IllegalStateException if the lab is closed
   */
  public Fault rejectFrom(Host peer) throws IOException {
    requirePeer(peer);
    return faults.judge(name + " rejects all from " + peer, pathsFrom(peer), REJECT);
  }

  /**
   * Removes this host's {@linkplain #ipv4 IPv4} and {@linkplain #ipv6 IPv6} address. What the
   * kernel takes away with them, such as routes and secondary addresses, comes back with them when
   * the fault is closed.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault removeAddress() throws IOException {
    return faults.defect(name + " has no address", Defect.WITHOUT_ADDRESS, nics);
  }

  /**
   * Sets this host's link down. In a lab of two hosts the other sees its link go down too, in a
   * larger one the others see nothing. Closing the fault sets it up and restores the addresses and
   * routes that the kernel forgot. The others reach the host at once, also if they have tried to in
   * vain meanwhile.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault linkDown() throws IOException {
    return faults.defect(name + " has its link down", Defect.DOWN, nics);
  }

  /**
   * Makes this host's send queue full: the host itself drops what it would send, and its programs
   * and kernel are told.
   *
   * @return the fault
   * @throws IOException if it cannot be inflicted
   * @throws IllegalStateException if the lab is closed
   */
  public Fault queueFull() throws IOException {
    return faults.defect(name + " has its queue full", Defect.QUEUE_FULL, nics);
  }

  /**
   * Kills this host's TCP connections to a peer, as {@code ss -K} does: this host's programs get an
   * error, the peer a reset. There is nothing to undo.
   *
   * @param peer another host of the lab
   * @return how many connections were killed
   * @throws IOException if {@code ss} fails
   * @throws IllegalStateException if the lab is closed
   */
  public int killSockets(Host peer) throws IOException {
    requirePeer(peer);
    List<String> filter = new ArrayList<>();
    for (Nic nic : peer.nics) {
      for (String address : nic.addresses()) {
        filter.addAll(List.of(filter.isEmpty() ? "dst" : "or", "dst", "[" + address + "]"));
      }
    }
    filter.remove(0);
    return killSockets(filter.toArray(String[]::new));
  }

  /**
   * Kills this host's TCP connections to a peer's port, as {@link #killSockets(Host)} does.
   *
   * @param peer the connections' other end
   * @return how many connections were killed
   * @throws IOException if {@code ss} fails
   * @throws IllegalStateException if the lab is closed
   */
  public int killSockets(InetSocketAddress peer) throws IOException {
    Objects.requireNonNull(peer, "peer");
    return killSockets("dst", "[" + peer.getAddress().getHostAddress() + "]:" + peer.getPort());
  }

  @Override
  public String toString() {
    return name;
  }

  void add(Nic nic) {
    nics.add(nic);
  }

  NicFaults faults() {
    return faults;
  }

  Firewall firewall() {
    return firewall;
  }

  boolean reaches(Nic other) throws IOException {
    return namespace.get(() -> other.isReachable(PROBE_TIMEOUT_MS));
  }

  /** Begins to undo the host; its namespace is closed next. */
  void tearDown() throws IOException {
    firewall.close();
    processes.forEach(ManagedProcess::sendKill);
    for (Nic nic : nics) {
      nic.link().delete();
    }
  }

  void awaitProcessesGone() throws IOException {
    for (ManagedProcess process : processes) {
      process.kill();
    }
  }

  private List<Path> pathsFrom(Host peer) {
    return nics.stream().map(nic -> new Path(nic, peer.nics.get(nic.network().number()))).toList();
  }

  private List<Path> incoming() {
    return nics.stream().flatMap(Nic::incoming).toList();
  }

  private List<Path> outgoing() {
    return nics.stream().flatMap(Nic::outgoing).toList();
  }

  private List<Path> bothWays() {
    return nics.stream().flatMap(Nic::bothWays).toList();
  }

  private int killSockets(String... filter) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
    command.addAll(List.of("ss", "-K", "-H", "-n", "-t"));
    command.addAll(List.of(filter));
    String killed = lab.whileOpen(() -> Command.run(command.toArray(String[]::new)));
    return Math.toIntExact(killed.lines().count());
  }

  private void requirePeer(Host peer) {
    if (Objects.requireNonNull(peer, "peer").lab != lab || peer == this) {
      throw new IllegalArgumentException(peer + " is not a peer of " + this);
    }
  }
}
