package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sockets of a process, in both forms, and what isn't permitted. */
class SocketsTest {
  private static final String PID = Long.toString(ProcessHandle.current().pid());
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private ServerSocket listener;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    client = new Socket(listener.getInetAddress(), listener.getLocalPort());
    accepted = listener.accept();
  }

  @AfterEach
  void close() throws IOException {
    accepted.close();
    client.close();
    listener.close();
  }

  private static Keepalive sockets(String... arguments) throws IOException {
    return start(List.of(), arguments);
  }

  private static Keepalive start(List<String> place, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(place);
    List<String> all = new ArrayList<>(List.of("sockets"));
    all.addAll(List.of(arguments));
    command.addAll(
        Keepalive.command(Jdk.java(), Keepalive.QUICK_START, all.toArray(String[]::new)));
    return Keepalive.start(command);
  }

  private static String address(Socket socket) {
    return AddressText.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Test
  void aSocketIsToldInPlainWords() throws Exception {
    client.setKeepAlive(true);
    try (Keepalive command = sockets("--pid", PID)) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals("", command.stderr().text());
      String text = command.stdout().text();
      assertTrue(text.startsWith("process " + PID + " (java): "), text);
      assertTrue(text.contains("LISTEN       " + address(listener)), text);
      String line = "ESTABLISHED  " + address(client) + " -> " + address(accepted);
      int start = text.indexOf(line);
      assertTrue(start > 0, text);
      List<String> lines = text.substring(start).lines().limit(3).map(String::strip).toList();
      assertTrue(
          lines.get(1).matches("keepalive after .*, then every .*, \\d+ probes; no user timeout"),
          text);
      assertTrue(
          lines.get(2).matches("if its peer died now: idle: .*; sending: .* min .* s"), text);
    }
  }

  private static String address(ServerSocket socket) {
    return AddressText.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Test
  void jsonHasOneEventForEachSocket() throws Exception {
    try (Keepalive command = sockets("--pid", PID, "--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      EventLine mine = withLocal(command, address(client));
      assertEquals(address(accepted), mine.text("peer"));
      assertEquals("ESTABLISHED", mine.text("state"));
      assertEquals(PID, Long.toString(mine.number("pid")));
      assertFalse(mine.flag("keepAlive"));
      assertTrue(mine.json().get("hangMs").get("idle").isNull(), mine::toString);
      assertEquals("", withLocal(command, address(listener)).text("peer"));
    }
  }

  private static EventLine withLocal(Keepalive command, String local) {
    return command.events("socket").stream()
        .filter(event -> event.text("local").equals(local))
        .findFirst()
        .orElseThrow(() -> new AssertionError(local + ": " + command.output()));
  }

  /** What this user may not look into is counted. */
  @Test
  void withoutAPidAllProcessesAreListed() throws Exception {
    Needs.lab();
    try (Keepalive command = sockets("--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(PID, Long.toString(withLocal(command, address(client)).number("pid")));
    }
    try (Keepalive command = start(AS_NOBODY, "--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      String warning = command.events("warning").get(0).text("message");
      assertTrue(warning.matches("\\d+ of the processes are not shown, .*"), warning);
    }
  }

  @Test
  void anotherUsersProcessNeedsARight() throws Exception {
    Needs.lab();
    try (Keepalive command = start(AS_NOBODY, "--pid", PID)) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertEquals(1, command.stderr().all().size(), command::output);
      assertTrue(command.stderr().text().contains("CAP_SYS_PTRACE"), command::output);
      assertEquals("", command.stdout().text());
    }
  }

  /** An ordinary user looks into processes of his own. */
  @Test
  void oneNeedsNoRightForOnesOwn() throws Exception {
    Needs.lab();
    try (ChildJvm own = ChildJvm.start(AS_NOBODY, ConnectedProgram.class)) {
      String pid = own.readLine();
      try (Keepalive command = start(AS_NOBODY, "--pid", pid, "--json")) {
        assertEquals(0, command.awaitEnd(), command::output);
        assertEquals(3, command.events("socket").size(), command::output);
      }
    }
  }

  @Test
  void aThreadIsNoProcess() throws Exception {
    String thread = anotherThread();
    try (Keepalive command = sockets("--pid", thread)) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertEquals(
          "keepalive sockets: " + thread + " is a thread of process " + PID + ": use --pid " + PID,
          command.stderr().text());
    }
  }

  private static String anotherThread() {
    String[] threads = new java.io.File("/proc/self/task").list();
    for (String thread : threads) {
      if (!thread.equals(PID)) {
        return thread;
      }
    }
    throw new AssertionError("no other thread");
  }

  @Test
  void aProcessThatHasEndedIsToldSo() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    try (Keepalive command = sockets("--pid", Long.toString(ended.pid()))) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertTrue(
          command.stderr().text().contains("there is no process " + ended.pid()), command::output);
    }
  }
}
