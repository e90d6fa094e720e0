package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.RequiresLab;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RequiresLab
class ManagedProcessTest {
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
  void noOutputIsLost() throws Exception {
    try (ManagedProcess process = start("seq 100000; echo end >&2; printf rest")) {
      assertEquals(0, process.waitFor(TIMEOUT));
      assertEquals(100_001, process.lines().size());
      assertEquals("100000", process.lines().get(99_999));
      assertEquals("rest", process.lines().get(100_000));
      assertEquals("end\n", process.stderr().text());
    }
  }

  @Test
  void awaitNextLinePassesTheLinesThatWereWaitedFor() throws Exception {
    try (ManagedProcess process = start("echo up 1; echo up 2; echo down; read word; echo up 3")) {
      assertEquals("up 1", process.awaitLine("up", TIMEOUT).text());
      assertEquals("up 2", process.awaitNextLine("up", TIMEOUT).text());
      assertEquals("up 1", process.awaitLine("up", TIMEOUT).text());
      Duration brief = Duration.ofMillis(200);
      assertThrows(TimeoutException.class, () -> process.awaitNextLine("up", brief));
      process.stdin().close();
      assertEquals("up 3", process.awaitNextLine("up", TIMEOUT).text());
      String message =
          assertThrows(CommandException.class, () -> process.awaitNextLine("up", TIMEOUT))
              .getMessage();
      assertTrue(message.contains("ended without writing /up/ again"), message);
    }
  }

  @Test
  void awaitLineFindsLinesEarlyAndLate() throws Exception {
    try (ManagedProcess process = start("echo early; read word; echo late $word")) {
      long startedNs = System.nanoTime();
      OutputLine early = process.awaitLine("^early$", TIMEOUT);
      try (OutputStream stdin = process.stdin()) {
        stdin.write("indeed\n".getBytes(StandardCharsets.UTF_8));
      }
      OutputLine late = process.awaitLine(line -> line.equals("late indeed"), TIMEOUT);
      assertEquals(early, process.awaitLine("early", TIMEOUT));
      assertTrue(late.arrivedNs() > early.arrivedNs());
      assertTrue(late.arrivedNs() - startedNs < TIMEOUT.toNanos());
      assertEquals(
          Optional.of(late),
          process.stdout().await(line -> line.arrivedNs() > early.arrivedNs(), TIMEOUT));
    }
  }

  @Test
  void awaitLineReportsAnEndWithoutTheLine() throws Exception {
    try (ManagedProcess process = start("echo other; echo why >&2; exit 7")) {
      CommandException failure =
          assertThrows(CommandException.class, () -> process.awaitLine("wanted", TIMEOUT));
      assertEquals(7, failure.exitStatus());
      assertTrue(
          failure.getMessage().contains("ended without writing /wanted/: why\nother"),
          failure.getMessage());
    }
  }

  @Test
  void awaitLineReportsATimeout() throws Exception {
    try (ManagedProcess process = start("echo other; exec sleep 1000")) {
      process.awaitLine("other", TIMEOUT);
      TimeoutException failure =
          assertThrows(
              TimeoutException.class, () -> process.awaitLine("wanted", Duration.ofMillis(10)));
      assertTrue(
          failure.getMessage().contains("did not write /wanted/ within PT0.01S: other"),
          failure.getMessage());
    }
  }

  @Test
  void waitForReportsATimeout() throws Exception {
    try (ManagedProcess process = start("exec sleep 1000")) {
      assertThrows(TimeoutException.class, () -> process.waitFor(Duration.ofMillis(10)));
      assertThrows(IllegalThreadStateException.class, process::exitValue);
    }
  }

  @Test
  void aKilledProcessIsGone() throws Exception {
    try (ManagedProcess process = start("exec sleep 1000")) {
      process.kill();
      assertFalse(process.isAlive());
      assertEquals(137, process.exitValue());
      process.kill();
      process.cont();
      assertThrows(IOException.class, process::stop);
    }
  }

  @Test
  void aKilledPeerClosesTheConnection() throws Exception {
    ManagedProcess peer =
        lab.source().startJava(List.of(), Echo.class, lab.source().ipv4().getHostAddress());
    int port = Integer.parseInt(peer.awaitLine("^\\d+$", TIMEOUT).text());
    try (Socket socket = lab.backup().call(() -> new Socket(lab.source().ipv4(), port))) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      assertTrue(echoes(socket));
      peer.kill();
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void aStoppedPeerStaysSilentUntilItContinues() throws Exception {
    ManagedProcess peer =
        lab.source().startJava(List.of(), Echo.class, lab.source().ipv4().getHostAddress());
    int port = Integer.parseInt(peer.awaitLine("^\\d+$", TIMEOUT).text());
    try (Socket socket = lab.backup().call(() -> new Socket(lab.source().ipv4(), port))) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      assertTrue(echoes(socket));
      Fault stop = peer.stop();
      socket.setSoTimeout(200);
      assertThrows(SocketTimeoutException.class, () -> echoes(socket));
      assertTrue(stop.effectiveNs() > stop.startedNs());
      stop.close();
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      assertEquals(1, socket.getInputStream().read());
      assertTrue(echoes(socket));
    }
    peer.kill();
  }

  /** A program that prints a port, and sends back each byte that it receives there. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] args) throws IOException {
      try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName(args[0]))) {
        System.out.println(listener.getLocalPort());
        try (Socket socket = listener.accept()) {
          socket.getInputStream().transferTo(socket.getOutputStream());
        }
      }
    }
  }

  private static boolean echoes(Socket socket) throws IOException {
    socket.getOutputStream().write(1);
    return socket.getInputStream().read() == 1;
  }

  private static ManagedProcess start(String script) throws IOException {
    return lab.source().start("sh", "-c", script);
  }
}
