package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RequiresLab
class HostTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static Lab lab;

  @BeforeAll
  static void openLab() throws IOException {
    lab = Lab.open();
  }

  @AfterAll
  static void closeLab() throws IOException {
    lab.close();
  }

  @Test
  void itsAddressesAreOnItsDevice() throws Exception {
    Host host = lab.source();
    String addresses = host.run("ip", "-o", "address", "show", "dev", host.device());
    assertTrue(addresses.contains(" inet " + host.ipv4().getHostAddress() + "/24 "), addresses);
    assertTrue(addresses.contains(" inet6 fd00:198:18::1/64 "), addresses);
    assertEquals("fd00:198:18:0:0:0:0:1", host.ipv6().getHostAddress());
  }

  @Test
  void callRunsInItsNamespace() throws Exception {
    assertEquals(networkOf(lab.source()), lab.source().call(HostTest::networkOfThisThread));
    assertEquals(networkOf(lab.backup()), lab.backup().call(HostTest::networkOfThisThread));
    assertNotEquals(networkOf(lab.source()), networkOf(lab.backup()));
    assertNotEquals(networkOf(lab.source()), networkOfThisThread());
  }

  @Test
  void socketsMadeInACallWorkOnAnyThread() throws Exception {
    try (ServerSocket listener = lab.source().call(() -> new ServerSocket(0));
        Socket client =
            lab.backup().call(() -> new Socket(lab.source().ipv6(), listener.getLocalPort()));
        Socket server = listener.accept()) {
      assertEquals(lab.backup().ipv6(), server.getInetAddress());
      client.getOutputStream().write(new byte[] {1, 2, 3});
      assertArrayEquals(new byte[] {1, 2, 3}, server.getInputStream().readNBytes(3));
    }
  }

  @Test
  void aBlockedCallBlocksNoOther() throws Exception {
    try (ServerSocket listener = lab.source().call(() -> new ServerSocket(0))) {
      CompletableFuture<Socket> accepted = new CompletableFuture<>();
      Thread acceptor = new Thread(() -> accept(listener, accepted));
      acceptor.start();
      Socket client =
          lab.source().call(() -> new Socket(lab.source().ipv4(), listener.getLocalPort()));
      accepted.get(10, TimeUnit.SECONDS).close();
      client.close();
      acceptor.join();
    }
  }

  @Test
  void callThrowsWhatItsTaskThrows() {
    IOException thrown = new IOException("by the task");
    IOException caught =
        assertThrows(
            IOException.class,
            () ->
                lab.source()
                    .call(
                        () -> {
                          throw thrown;
                        }));
    assertSame(thrown, caught);
  }

  @Test
  void runReturnsStandardOutput() throws Exception {
    assertEquals("one\ntwo\n", lab.source().run("sh", "-c", "echo one; echo other >&2; echo two"));
  }

  @Test
  void runGivesNoInput() throws Exception {
    assertEquals("", lab.source().run("cat"));
  }

  @Test
  void runReportsAFailure() {
    CommandException failure =
        assertThrows(
            CommandException.class,
            () -> lab.source().run("sh", "-c", "echo out; echo err >&2; exit 3"));
    assertEquals(3, failure.exitStatus());
    assertEquals("err\nout\n", failure.output());
    assertTrue(
        failure.command().endsWith("sh -c echo out; echo err >&2; exit 3"), failure.command());
    assertTrue(failure.getMessage().endsWith("exited with 3: err\nout"), failure.getMessage());
  }

  @Test
  void runReportsAMissingProgram() {
    CommandException failure =
        assertThrows(CommandException.class, () -> lab.source().run("no-such-program"));
    assertTrue(failure.output().contains("no-such-program"), failure.output());
  }

  @Test
  void processesRunInItsNamespace() throws Exception {
    try (ManagedProcess process = lab.source().start("sh", "-c", "echo $$; exec sleep 1000")) {
      assertEquals(process.pid(), Long.parseLong(process.awaitLine("\\d+", TIMEOUT).text()));
      assertEquals(
          networkOf(lab.source()),
          Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net")).toString());
    }
  }

  @Test
  void aProcessBuilderIsHonouredAndNotChanged() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "echo $GREETING; pwd; echo oops >&2")
            .directory(Path.of("/proc").toFile())
            .redirectErrorStream(true);
    builder.environment().put("GREETING", "hello");
    try (ManagedProcess process = lab.source().start(builder)) {
      assertEquals(0, process.waitFor(TIMEOUT));
      assertEquals(List.of("hello", "/proc", "oops"), process.lines());
    }
    assertEquals("sh", builder.command().get(0));
  }

  @Test
  void startJavaRunsAClassOfThisClassPath() throws Exception {
    try (ManagedProcess process =
        lab.source().startJava(List.of("-Dgreeting=hello"), Greeter.class, "you", "and you")) {
      assertEquals(0, process.waitFor(TIMEOUT), () -> process.stderr().text());
      assertEquals(List.of("hello you, and you"), process.lines());
    }
  }

  /** A program for {@link Host#startJava}. */
  static final class Greeter {
    private Greeter() {}

    public static void main(String[] args) {
      System.out.println(System.getProperty("greeting") + " " + String.join(", ", args));
    }
  }

  private static void accept(ServerSocket listener, CompletableFuture<Socket> accepted) {
    try {
      accepted.complete(lab.source().call(listener::accept));
    } catch (Exception e) {
      accepted.completeExceptionally(e);
    }
  }

  private static String networkOfThisThread() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
  }

  private static String networkOf(Host host) throws IOException {
    return "net:[" + Files.getAttribute(Path.of("/run/netns", host.namespace()), "unix:ino") + "]";
  }
}
