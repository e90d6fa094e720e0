/**
 * Hosts on one machine, and the faults to inflict on them: to test a failover against the real
 * kernel, without a second machine.
 *
 * <p>A {@link io.github.keepalive4j.testkit.Lab} has two hosts, {@code source} and {@code backup},
 * or more. Each {@link io.github.keepalive4j.testkit.Host} is a network namespace with an IPv4 and
 * an IPv6 address. Commands run on it as {@linkplain io.github.keepalive4j.testkit.Host#start
 * processes}. Code of the test itself runs there by {@link
 * io.github.keepalive4j.testkit.Host#call}, and the sockets that it opens work from any thread. A
 * test of your failover starts the programs, waits until they are ready, inflicts a {@link
 * io.github.keepalive4j.testkit.Fault}, and waits for what is to happen:
 *
 * <pre>{@code
 * try (Lab lab = Lab.open()) {
 *   Host source = lab.source();
 *   source.start("my-service", "--listen", "9999");
 *   ManagedProcess backup =
 *       lab.backup().start("my-service", "--standby-for", source.ipv4().getHostAddress() + ":9999");
 *   backup.awaitLine("standing by", Duration.ofSeconds(10));
 *
 *   Fault cut = source.drop();
 *   OutputLine taken = backup.awaitLine("taking over", Duration.ofSeconds(10));
 *   assertTrue(taken.arrivedNs() - cut.startedNs() < 7_000_000_000L);
 *
 *   cut.close(); // the source is back: does it notice that it has been replaced?
 * }
 * }</pre>
 *
 * <p>With JUnit, a {@link io.github.keepalive4j.testkit.junit.LabExtension} opens the lab. For unit
 * tests of callbacks and guards, which need no lab, see {@link io.github.keepalive4j.testkit.event}
 * and {@link io.github.keepalive4j.testkit.junit.TakeoverGuardContract}.
 *
 * <h2>Which fault for which question</h2>
 *
 * <table>
 *   <caption>To the kernel each is different</caption>
 *   <tr><th>fault</th><th>stands for</th><th>what an idle connection's other end notices</th></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#drop drop}</td>
 *       <td>power loss, or a cut behind a router</td><td>nothing, until a timeout</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#dropIncoming dropIncoming},
 *           {@link io.github.keepalive4j.testkit.Host#dropOutgoing dropOutgoing}</td>
 *       <td>a link that fails in one direction</td><td>nothing, until a timeout</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#lossy lossy}</td>
 *       <td>a bad link: no failover is due</td><td>nothing</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#reject reject}</td>
 *       <td>a router or firewall that says the host is unreachable</td>
 *       <td>an ICMP error for each segment it sends</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#linkDown linkDown}</td>
 *       <td>a cable pulled (two hosts), a port gone (more)</td>
 *       <td>its own link down (two hosts), nothing (more)</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#removeAddress removeAddress}</td>
 *       <td>an address lost or moved</td><td>nothing, until a timeout</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#queueFull queueFull}</td>
 *       <td>a host that cannot send</td><td>nothing, until a timeout</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.Host#killSockets(Host) killSockets}</td>
 *       <td>an administrator's {@code ss -K}</td><td>a reset</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.ManagedProcess#kill kill}</td>
 *       <td>a crash of the program</td><td>an orderly close, or a reset</td></tr>
 *   <tr><td>{@link io.github.keepalive4j.testkit.ManagedProcess#stop stop}</td>
 *       <td>a program that hangs</td><td>nothing: its kernel goes on answering</td></tr>
 * </table>
 *
 * <p>Faults compose. Close them in any order to undo them. Each has the two instants between which
 * it took effect. Dropping, losing and rejecting take effect within about a millisecond, the other
 * faults of a host, and dropping without nftables, within about ten.
 *
 * <h2>What it needs</h2>
 *
 * <p>Linux, root (CAP_SYS_ADMIN and CAP_NET_ADMIN in the initial namespaces), and the commands
 * {@code ip}, {@code tc} and {@code ss} (Debian package iproute2). {@link
 * io.github.keepalive4j.testkit.Lab#unavailabilityCause} tells which is lacking, for a test's
 * assumption.
 *
 * <p>The faults that reject packets, lose some, or drop them in one direction or between two of
 * several hosts also need {@code libnftables.so.1} (package nftables). {@link
 * io.github.keepalive4j.testkit.Lab#nftablesUnavailabilityCause} tells whether it is lacking. All
 * other faults, {@code drop} among them, do without.
 *
 * <p>Nothing of the machine's own network is changed. What a killed test run leaves, the next lab
 * clears.
 *
 * <p>In code that runs on a host by {@code call}, {@code java.net.NetworkInterface} mixes the
 * host's devices with the machine's, because the JDK reads a part of them from {@code /proc/net},
 * which belongs to the process and not to the thread.
 */
@NullMarked
package io.github.keepalive4j.testkit;

import org.jspecify.annotations.NullMarked;
