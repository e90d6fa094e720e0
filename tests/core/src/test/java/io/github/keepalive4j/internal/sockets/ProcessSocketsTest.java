package io.github.keepalive4j.internal.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sockets of another process: listed, looked at, duplicated, as far as the kernel permits. */
class ProcessSocketsTest {
  private static final SocketOptions OPTIONS = new SocketOptions(true, 7, 3, 4, 17_500);

  @Test
  void anotherProcessesSocketIsFoundLookedAtAndSet() throws Exception {
    int before = Descriptors.count();
    try (ChildJvm holder = ChildJvm.start(HolderProgram.class)) {
      String[] said = holder.readLine().split(" ", -1);
      InetSocketAddress local = loopback(said[1]);
      InetSocketAddress remote = loopback(said[2]);
      try (SocketTable table = SocketTable.ofProcess(Integer.parseInt(said[0]))) {
        Sockets sockets = table.scan();
        int found = indexOf(table, sockets, local, remote);
        set(table, sockets, found);
        assertEquals("7", holder.ask("idle"));
        assertLook(table, sockets, found);
        holder.kill();
        assertEnded(table, sockets, found);
      }
    }
    Descriptors.assertBackTo(before);
  }

  private static InetSocketAddress loopback(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  private static int indexOf(
      SocketTable table, Sockets sockets, InetSocketAddress local, InetSocketAddress remote)
      throws IOException {
    for (int i = 0; i < sockets.size(); i++) {
      Optional<Duplicate> found = table.duplicate(sockets.fd(i), sockets.identity(i));
      if (found.isPresent() && isBetween(found.get(), local, remote)) {
        return i;
      }
    }
    throw new AssertionError("not found among " + sockets.size());
  }

  private static boolean isBetween(
      Duplicate duplicate, InetSocketAddress local, InetSocketAddress remote) {
    try (duplicate) {
      return duplicate.local().equals(local) && duplicate.remote().equals(remote);
    } catch (IOException notConnected) {
      return false;
    }
  }

  private static void set(SocketTable table, Sockets sockets, int i) throws IOException {
    try (Duplicate duplicate = table.duplicate(sockets.fd(i), sockets.identity(i)).orElseThrow()) {
      duplicate.set(OPTIONS);
    }
  }

  private static void assertLook(SocketTable table, Sockets sockets, int found) throws IOException {
    Looks looks = new Looks();
    looks.add(sockets.fd(found), sockets.identity(found) + 1);
    looks.add(sockets.fd(found), sockets.identity(found));
    looks.add(0, sockets.identity(found));
    table.look(looks);
    assertTrue(looks.isGone(0));
    assertEquals(0, looks.error(1));
    assertEquals(sockets.fd(found), looks.fd(1));
    assertEquals(sockets.identity(found), looks.identity(1));
    assertEquals(TcpInfo.State.ESTABLISHED, looks.state(1));
    assertEquals(OPTIONS, looks.options(1));
    assertTrue(looks.isGone(2));
  }

  private static void assertEnded(SocketTable table, Sockets sockets, int found) throws Exception {
    assertEquals(Optional.empty(), table.duplicate(sockets.fd(found), sockets.identity(found)));
    Looks looks = new Looks();
    looks.add(sockets.fd(found), sockets.identity(found));
    table.look(looks);
    assertTrue(looks.isGone(0));
    Eventually.await("the end", () -> isOver(table));
  }

  private static boolean isOver(SocketTable table) {
    String message = assertThrows(IOException.class, table::scan).getMessage();
    return message.endsWith("has ended");
  }

  @Test
  void aProcessThatIsNotThereIsNamed() {
    int nobody = (1 << 22) + 1; // above the kernel's limit of numbers
    String message =
        assertThrows(IOException.class, () -> SocketTable.ofProcess(nobody)).getMessage();
    assertEquals("there is no process " + nobody, message);
    assertThrows(IllegalArgumentException.class, () -> SocketTable.ofProcess(0));
  }

  /** This test's process has capabilities that the program has not. */
  @Test
  void theRightThatIsMissingIsNamed() throws Exception {
    Needs.program("setpriv");
    List<String> rightless = List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all");
    try (ChildJvm program = ChildJvm.start(rightless, RightlessProgram.class)) {
      long pid = ProcessHandle.current().pid();
      String message = program.ask(Long.toString(pid));
      assertTrue(
          message.startsWith(
              "touching the sockets of process " + pid + " takes the rights of ptrace(2) over it"),
          message);
      assertTrue(message.contains("CAP_SYS_PTRACE"), message);
      assertTrue(message.contains("EPERM"), message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, as its user unless it has capabilities beyond yours",
    "1, or as its user after sysctl -w kernel.yama.ptrace_scope=0",
    "2, 'kernel.yama.ptrace_scope is 2, so run this as root or with CAP_SYS_PTRACE'",
    "3, forbids it to all until the next boot"
  })
  void eachSettingOfYamaHasItsRemedy(String scope, String remedy) {
    assertTrue(PtraceRights.remedy(scope).contains(remedy), PtraceRights.remedy(scope));
  }
}
