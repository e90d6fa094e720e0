package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Traffic.Connection;
import java.io.File;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresLab
class LabTest {
  @Test
  void theFirstPacketPassesBetweenTwoHosts() throws Exception {
    for (int times = 0; times < 5; times++) {
      try (Lab lab = Lab.open()) {
        Traffic.assertPassesBothWays(lab.source(), lab.backup());
      }
    }
  }

  @Test
  void theFirstPacketPassesBetweenManyHosts() throws Exception {
    try (Lab lab = Lab.open("a", "b", "c", "d")) {
      assertEquals(List.of("a", "b", "c", "d"), lab.hosts().stream().map(Host::name).toList());
      for (Host from : lab.hosts()) {
        for (Host to : lab.hosts()) {
          Traffic.assertPasses(from, to);
        }
      }
    }
  }

  @Test
  void labsDoNotSeeEachOther() throws Exception {
    try (Lab one = Lab.open();
        Lab other = Lab.open();
        ServerSocket oneListener = one.source().call(() -> new ServerSocket(9999));
        ServerSocket otherListener = other.source().call(() -> new ServerSocket(9999));
        Socket client = one.backup().call(() -> new Socket(one.source().ipv4(), 9999));
        Socket accepted = oneListener.accept()) {
      assertEquals(client.getLocalPort(), accepted.getPort());
      Fault cut = one.source().drop();
      Traffic.assertPassesBothWays(other.source(), other.backup());
      Traffic.assertLostBothWays(one.source(), one.backup());
      cut.close();
      assertEquals(9999, otherListener.getLocalPort());
    }
  }

  @Test
  void theMachinesOwnNetworkStaysAsItIs() throws Exception {
    String before = Command.run("ip", "-o", "address");
    try (Lab lab = Lab.open("a", "b", "c")) {
      Fault cut = lab.host("a").drop();
      assertEquals(before, Command.run("ip", "-o", "address"));
      cut.close();
    }
    assertEquals(before, Command.run("ip", "-o", "address"));
  }

  @Test
  void closeKillsProcessesAndTheirChildren() throws Exception {
    ManagedProcess parent;
    long child;
    try (Lab lab = Lab.open()) {
      parent = lab.source().start("sh", "-c", "setsid sleep 1000 & echo $!; wait");
      child = Long.parseLong(parent.awaitLine("\\d+", Duration.ofSeconds(5)).text());
      assertTrue(ProcessStat.ofProcess(child).isPresent());
    }
    assertFalse(parent.isAlive());
    assertTrue(ProcessStat.ofProcess(child).map(ProcessStat::isDead).orElse(true));
  }

  @Test
  void closeKillsStoppedProcesses() throws Exception {
    ManagedProcess process;
    try (Lab lab = Lab.open()) {
      process = lab.source().start("sleep", "1000");
      process.stop();
    }
    assertEquals(137, process.exitValue());
  }

  @Test
  void closeDeletesTheNamespaces() throws Exception {
    Lab lab = Lab.open("a", "b", "c");
    assertEquals(4, namespacesOfThisProcess().size());
    lab.close();
    assertEquals(List.of(), namespacesOfThisProcess());
  }

  @Test
  void closeCutsOffSocketsLeftOpen() throws Exception {
    Lab lab = Lab.open();
    try (Connection connection = Connection.open(lab.backup(), lab.source(), lab.source().ipv4())) {
      lab.close();
      connection.client().getOutputStream().write(1);
      connection.server().setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, () -> connection.server().getInputStream().read());
    }
  }

  @Test
  void aClosedLabRefusesFurtherUse() throws Exception {
    Lab lab = Lab.open();
    Host source = lab.source();
    Fault cut = source.drop();
    lab.close();
    lab.close();
    cut.close();
    assertThrows(IllegalStateException.class, source::drop);
    assertThrows(IllegalStateException.class, source::linkDown);
    assertThrows(IllegalStateException.class, () -> source.start("true"));
    assertThrows(IllegalStateException.class, () -> source.call(() -> 1));
  }

  @Test
  void aFaultThatCannotBeUndoneSaysSoUnchecked() throws Exception {
    try (Lab lab = Lab.open()) {
      Fault full = lab.source().queueFull();
      lab.source().run("ip", "link", "delete", lab.source().device());
      String message = assertThrows(UncheckedIOException.class, full::close).getMessage();
      assertTrue(message.startsWith("source has its queue full cannot be undone: "), message);
    }
  }

  @Test
  void anUnknownHostIsRefused() throws Exception {
    try (Lab lab = Lab.open("a", "b")) {
      assertEquals(
          "no host source among [a, b]",
          assertThrows(IllegalArgumentException.class, lab::source).getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 251})
  void fewerThanTwoOrMoreThan250HostsAreRefused(int count) {
    String[] names = IntStream.range(0, count).mapToObj(i -> "h" + i).toArray(String[]::new);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Lab.open(names).close()).getMessage();
    assertEquals("2 to 250 hosts are possible, not " + count, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a,a", "a,B", "a,b/c", "a,_bridge", "a,", "a,-b"})
  void hostNamesThatCannotBeAreRefused(String names) {
    assertThrows(IllegalArgumentException.class, () -> Lab.open(names.split(",", -1)).close());
  }

  private static List<String> namespacesOfThisProcess() {
    String prefix = "ka-" + ProcessHandle.current().pid() + "-";
    return Arrays.stream(new File("/run/netns").list())
        .filter(name -> name.startsWith(prefix))
        .toList();
  }
}
