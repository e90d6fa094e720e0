package io.github.keepalive4j.trust;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Recorder;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import io.github.keepalive4j.testkit.ManagedProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A watched link between two hosts of one network, and an attacker on a third. */
final class AttackLab implements AutoCloseable {
  static final int PORT = 9999;

  /** The link's addresses: the attacks are the same, their packets aren't. */
  enum Family {
    IPV4,
    IPV6;

    InetAddress of(Host host) {
      return this == IPV4 ? host.ipv4() : host.ipv6();
    }
  }

  private static final Md5Key KEY = Md5Key.of("open sesame".getBytes(StandardCharsets.US_ASCII));

  final Lab lab = Lab.open("source", "backup", "attacker");
  final Recorder recorder = new Recorder();
  final KeepaliveServer server;
  final KeepaliveMonitor monitor = KeepaliveMonitor.open();
  final KeepaliveSocket link;
  private final Family family;

  /** What either end of the link takes for the next sequence number of the other. */
  record Sequences(int backupPort, long ofSource, long ofBackup) {}

  private AttackLab(Family family, KeepaliveServer.Builder source, KeepaliveOptions options)
      throws Exception {
    this.family = family;
    server = source().call(() -> source.open(sourceAddress()));
    link = backup().call(() -> KeepaliveSocket.connect(sourceAddress(), options));
    monitor.watch(link, recorder, recorder);
    recorder.await("up");
    Eventually.await("accepted", () -> server.connections() == 1);
  }

  static AttackLab unsigned(Family family, KeepaliveOptions options) throws Exception {
    return new AttackLab(family, KeepaliveServer.builder(), options);
  }

  /** Opens one with a signed link. The test needs a kernel with signatures. */
  static AttackLab signed(Family family, KeepaliveOptions options) throws Exception {
    SignedLinkTest.needSignatures();
    return new AttackLab(
        family, KeepaliveServer.builder().md5Key(KEY), options.toBuilder().md5Key(KEY).build());
  }

  InetSocketAddress sourceAddress() {
    return new InetSocketAddress(family.of(source()), PORT);
  }

  Host source() {
    return lab.host("source");
  }

  Host backup() {
    return lab.host("backup");
  }

  Host attacker() {
    return lab.host("attacker");
  }

  /** Looks at the wire, which the attacker can't: to aim exactly, or surely beside. */
  Sequences observe() throws Exception {
    ManagedProcess observer = backup().start(attack("observe", "" + PORT));
    observer.awaitLine("observing", Eventually.DEADLINE);
    TransportLink.of(link).send((byte) 'P');
    String[] next = observer.awaitLine("next", Eventually.DEADLINE).text().split(" ", -1);
    return new Sequences(
        Integer.parseInt(next[1]), Long.parseLong(next[2]), Long.parseLong(next[3]));
  }

  /** Sends segments to the backup in the source's name. */
  void forgeToBackup(Sequences link, String flags, long sequence, int count, int step)
      throws Exception {
    forge(flags, source(), PORT, backup(), link.backupPort(), sequence, count, step);
  }

  /** Sends segments to the source in the backup's name. */
  void forgeToSource(Sequences link, String flags, long sequence, int count, int step)
      throws Exception {
    forge(flags, backup(), link.backupPort(), source(), PORT, sequence, count, step);
  }

  private void forge(
      String flags, Host from, int port, Host to, int toPort, long sequence, int count, int step)
      throws Exception {
    String[] numbers = {"" + sequence, "" + count, "" + step};
    String[] command =
        attack(
            "forge",
            flags,
            family.of(from).getHostAddress(),
            "" + port,
            family.of(to).getHostAddress(),
            "" + toPort,
            numbers[0],
            numbers[1],
            numbers[2]);
    attacker().run(command);
  }

  static String[] attack(String... arguments) throws Exception {
    Path script = Path.of(AttackLab.class.getResource("/attack.py").toURI());
    String[] command =
        Arrays.copyOf(new String[] {"python3", script.toString()}, 2 + arguments.length);
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return command;
  }

  /** Reads a counter of a host's kernel: of /proc/net/netstat or /proc/net/snmp. */
  static long counter(Host host, String name) throws Exception {
    List<String> lines = host.run("cat", "/proc/net/netstat", "/proc/net/snmp").lines().toList();
    for (Iterator<String> line = lines.iterator(); line.hasNext(); ) {
      int index = List.of(line.next().split(" ", -1)).indexOf(name);
      String values = line.next();
      if (index >= 0) {
        return Long.parseLong(values.split(" ", -1)[index]);
      }
    }
    throw new AssertionError("no counter " + name);
  }

  @Override
  public void close() throws IOException {
    monitor.close();
    server.close();
    lab.close();
  }
}
