package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    command.addAll(Keepalive.command(all.toArray(String[]::new)));
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

  /** The reader begins when the first line is there, and the pipe is too small for all lines. */
  @Test
  void eachSocketHasTheTimeOfItsReadingHoweverSlowTheReaderIs() throws Exception {
    List<Socket> many = new ArrayList<>();
    Process command = null;
    try {
      for (int i = 0; i < 100; i++) {
        many.add(new Socket(listener.getInetAddress(), listener.getLocalPort()));
        many.add(listener.accept());
      }
      command = new ProcessBuilder(Keepalive.command("sockets", "--pid", PID, "--json")).start();
      InputStream stdout = command.getInputStream();
      Eventually.await("the first socket", () -> stdout.available() > 0);
      long toldNs = System.nanoTime();
      List<EventLine> events =
          new String(stdout.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(EventLine::parse)
              .toList();
      assertTrue(events.size() > many.size(), events::toString);
      for (EventLine event : events) {
        assertTrue(event.number("monotonicNs") < toldNs, event::toString);
      }
    } finally {
      if (command != null) {
        command.destroyForcibly().waitFor();
      }
      for (Socket socket : many) {
        socket.close();
      }
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
      assertFalse(mine.flag("keepAlive"));
      assertTrue(mine.json().get("hangMs").get("idle").isNull(), mine::toString);
      assertTrue(
          command.events("socket").stream()
              .filter(event -> event.text("state").equals("LISTEN"))
              .filter(event -> event.text("peer").isEmpty())
              .anyMatch(event -> event.text("local").equals(address(listener))),
          command::output);
    }
  }

  private static EventLine withLocal(Keepalive command, String local) {
    return command.events("socket").stream()
        .filter(event -> event.text("local").equals(local))
        .filter(event -> PID.equals(Long.toString(event.number("pid")))) // others may have it, too
        .findFirst()
        .orElseThrow(() -> new AssertionError(local + ": " + command.output()));
  }

  /** What this user may not look into is counted. */
  @Test
  void withoutAPidAllProcessesAreListed() throws Exception {
    Needs.lab();
    try (Keepalive command = sockets("--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(address(accepted), withLocal(command, address(client)).text("peer"));
    }
    try (Keepalive command = start(AS_NOBODY, "--json")) {
      assertEquals(0, command.awaitEnd(), command::output);
      String warning = command.events("warning").get(0).text("message");
      assertTrue(warning.matches("[1-9]\\d* of the processes are not shown, .*"), warning);
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

  @ParameterizedTest
  @ValueSource(ints = {17, 25})
  void oneNeedsNoRightToSetOnesOwn(int release) throws Exception {
    Needs.lab();
    try (ChildJvm own = ChildJvm.start(AS_NOBODY, ConnectedProgram.class)) {
      String[] arguments = {"sockets", "--pid", own.readLine(), "--within", "1m", "--json"};
      List<String> command = new ArrayList<>(AS_NOBODY);
      command.addAll(Keepalive.command(Jdk.java(release), Keepalive.QUICK_START, arguments));
      try (Keepalive setting = Keepalive.start(command)) {
        assertEquals(0, setting.awaitEnd(), setting::output);
        assertEquals(2, setting.events("governed").size(), setting::output);
        assertEquals("", setting.stderr().text());
      }
    }
  }

  /** A program may do so with prctl(2), by {@code PR_SET_DUMPABLE}. */
  @Test
  void aProcessMayKeepItsOwnUserOut() throws Exception {
    Needs.lab();
    Needs.program("perl");
    int prctl = System.getProperty("os.arch").equals("aarch64") ? 167 : 157;
    String script = "$| = 1; syscall(" + prctl + ", 4, 0, 0, 0, 0); print \"ready\\n\"; sleep 600";
    List<String> perl = new ArrayList<>(AS_NOBODY);
    perl.addAll(List.of("perl", "-e", script));
    try (Keepalive own = Keepalive.start(perl)) {
      assertTrue(own.stdout().await("ready"::equals, Eventually.DEADLINE).isPresent());
      String pid = Long.toString(own.pid());
      try (Keepalive command = start(AS_NOBODY, "--pid", pid)) {
        assertEquals(1, command.awaitEnd(), command::output);
        assertTrue(command.stderr().text().contains("made itself undumpable"), command::output);
      }
      try (Keepalive command = sockets("--pid", pid)) {
        assertEquals(0, command.awaitEnd(), command::output);
        assertEquals("process " + pid + " (perl): 0 TCP sockets", command.stdout().text());
      }
    }
  }

  /** Who may not enter a process's network namespace is told what is assumed of it. */
  @Test
  void anotherNetworkNamespaceMayNotTellItsSettings() throws Exception {
    Needs.lab();
    try (ChildJvm own = ChildJvm.start(inNamespaces("-rn"), ConnectedProgram.class)) {
      String pid = own.readLine();
      try (Keepalive command = start(AS_NOBODY, "--pid", pid, "--json")) {
        assertEquals(0, command.awaitEnd(), command::output);
        assertEquals(3, command.events("socket").size(), command::output);
        for (EventLine socket : command.events("socket")) {
          assertTrue(socket.json().get("retries2").isNull(), command::output);
        }
      }
      try (Keepalive command = sockets("--pid", pid, "--json")) {
        assertEquals(0, command.awaitEnd(), command::output);
        assertEquals(7, command.events("socket").get(0).number("retries2"), command::output);
      }
    }
  }

  private static List<String> inNamespaces(String which) {
    List<String> command = new ArrayList<>(AS_NOBODY);
    command.addAll(List.of("unshare", which, "sh", "-ec"));
    command.add("ip link set lo up; echo 7 > /proc/sys/net/ipv4/tcp_retries2; exec \"$0\" \"$@\"");
    return command;
  }

  /** Its number is the one outside. */
  @Test
  void aProcessInAnotherPidNamespaceHasTwoNumbers() throws Exception {
    Needs.lab();
    List<String> inside = List.of("unshare", "--pid", "--fork", "--kill-child");
    try (ChildJvm other = ChildJvm.start(inside, ConnectedProgram.class)) {
      assertEquals("1", other.readLine());
      try (Keepalive command = sockets("--pid", outerNumber(other), "--json")) {
        assertEquals(0, command.awaitEnd(), command::output);
        assertEquals(3, command.events("socket").size(), command::output);
      }
    }
  }

  private static String outerNumber(ChildJvm other) throws IOException {
    for (ProcessHandle process : other.descendants().toList()) {
      String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
      if (status.contains("\nNSpid:\t" + process.pid() + "\t1\n")) {
        return Long.toString(process.pid());
      }
    }
    throw new AssertionError("no process that is 1 to itself");
  }

  /** Processes end while all are listed. */
  @Test
  void aProcessThatEndsMeanwhileIsLeftOut() throws Exception {
    Needs.lab();
    try (Keepalive command = sockets("--json")) {
      while (command.isAlive()) {
        new ProcessBuilder("true").start().waitFor();
      }
      assertEquals(0, command.awaitEnd(), command::output);
      assertEquals(address(accepted), withLocal(command, address(client)).text("peer"));
    }
  }

  @Test
  void theJdkTransportRefuses() throws Exception {
    List<String> jdk = List.of("env", "JDK_JAVA_OPTIONS=-Dkeepalive4j.transport=jdk");
    try (Keepalive command = start(jdk, "--pid", PID)) {
      assertEquals(1, command.awaitEnd(), command::output);
      assertTrue(command.stderr().text().contains("use the native transport"), command::output);
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
