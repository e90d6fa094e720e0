package io.github.keepalive4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** A third host floods a source with connects while backups watch it. */
@Isolated("a source that is run too late is hung")
class FloodTest {
  private static final int CONNECTS = 10_000;
  private static final int KEPT = 1_024; // of one address, by default
  private static final String[] BY_KEEPALIVE = {};
  private static final String[] BY_HOST = {"--detect-within", "50ms"};

  /**
   * At 100 ms, and sometimes at 300, a machine with two processors and eight busy programs runs the
   * source too late now and then, flood or no flood.
   */
  private static final String[] BY_PROCESS = {"--liveness", "process", "--detect-within", "600ms"};

  private static Keepalive watch(Host host, Sources.Listening source, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("watch", source.address(), "--json"));
    arguments.addAll(List.of("--connect-timeout", "20s"));
    arguments.addAll(List.of(options));
    return asService(host, Keepalive.QUICK_START, arguments);
  }

  private static Sources.Listening serve(Host host) throws Exception {
    List<String> arguments = List.of("serve", "--bind", host.ipv4().getHostAddress(), "--json");
    return Sources.listening(asService(host, List.of(), arguments));
  }

  /** In a session of its own: the kernel shares out the processors by sessions. */
  private static Keepalive asService(Host host, List<String> jvmOptions, List<String> arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(Keepalive.command(Jdk.java(), jvmOptions, arguments.toArray(String[]::new)));
    return Keepalive.runProgramOn(host, command);
  }

  @Test
  void noBackupFailsOverAndNewOnesConnect() throws Exception {
    try (Lab lab = Needs.openLab("source", "backup", "attacker");
        Sources.Listening source = serve(lab.host("source"));
        Keepalive byKeepalive = watch(lab.host("backup"), source, BY_KEEPALIVE);
        Keepalive byHost = watch(lab.host("backup"), source, BY_HOST);
        Keepalive byProcess = watch(lab.host("backup"), source, BY_PROCESS)) {
      List<Keepalive> backups = List.of(byKeepalive, byHost, byProcess);
      for (Keepalive backup : backups) {
        backup.awaitEvent("up");
      }
      flood(lab, source);
      try (Keepalive freed = watch(lab.host("attacker"), source, BY_PROCESS)) {
        freed.awaitEvent("up");
      }
      for (Keepalive backup : backups) {
        assertUnharmed(backup);
      }
    }
  }

  private static void flood(Lab lab, Sources.Listening source) throws Exception {
    Host attacker = lab.host("attacker");
    InetSocketAddress target = new InetSocketAddress(lab.host("source").ipv4(), source.port());
    try (Keepalive during = watch(lab.host("backup"), source, BY_PROCESS);
        Flood flood = Flood.from(attacker, target, CONNECTS)) {
      flood.awaitConnected();
      assertEquals("TOO_MANY_FROM_ADDRESS", source.process().awaitEvent("refused").text("refusal"));
      during.awaitEvent("up");
      assertEquals(KEPT, connectedFrom(attacker, source));
      assertUnharmed(during);
    }
    source.process().awaitEvent("closed", KEPT);
  }

  private static long connectedFrom(Host host, Sources.Listening source) {
    String prefix = host.ipv4().getHostAddress() + ":";
    return source.process().events("connected").stream()
        .filter(event -> event.text("peer").startsWith(prefix))
        .count();
  }

  /** A link may be suspect for a while. */
  private static void assertUnharmed(Keepalive backup) {
    List<String> events = new ArrayList<>(backup.eventTypes());
    assertFalse(events.get(events.size() - 1).equals("suspect"), backup::output);
    events.removeAll(List.of("suspect", "recovered"));
    assertEquals(List.of("up"), events, backup::output);
  }
}
