package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A source that is out of descriptors while backups wait. */
class ExhaustionTest {
  /** The JVM takes about 30 of them. The rest must hold more than half of the backups. */
  private static final int LIMIT = 160;

  private static final int BACKUPS = 200;

  private record Status(int connections, long cpuMs, int warnings) {
    static Status of(ChildJvm server) throws Exception {
      String[] words = server.ask("?").split(" ", -1);
      return new Status(
          Integer.parseInt(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]));
    }
  }

  @Test
  void theServerWaitsWithoutSpinningAndRecovers() throws Exception {
    List<Socket> backups = new ArrayList<>();
    try (ChildJvm server =
        ChildJvm.start(List.of("prlimit", "--nofile=" + LIMIT), ServerProgram.class)) {
      int port = Integer.parseInt(server.readLine());
      for (int i = 0; i < BACKUPS; i++) {
        backups.add(new Socket(InetAddress.getLoopbackAddress(), port));
      }
      Eventually.await("out of descriptors", () -> Status.of(server).warnings() > 0);
      assertWaitsQuietly(server);
      int closing = Status.of(server).connections();
      for (Socket backup : backups.subList(0, closing)) {
        backup.close();
      }
      Eventually.await(
          "those that waited", () -> Status.of(server).connections() == BACKUPS - closing);
      assertServes(backups.get(BACKUPS - 1));
    } finally {
      for (Socket backup : backups) {
        backup.close();
      }
    }
  }

  private static void assertWaitsQuietly(ChildJvm server) throws Exception {
    Status before = Status.of(server);
    long startNs = System.nanoTime();
    Eventually.await("1 s", () -> System.nanoTime() - startNs >= Duration.ofSeconds(1).toNanos());
    Status after = Status.of(server);
    assertTrue(before.connections() > 0 && before.connections() < BACKUPS, before::toString);
    int accepted = after.connections() - before.connections(); // for what the JVM itself has closed
    assertTrue(accepted >= 0 && accepted <= 5, () -> before + " then " + after);
    assertTrue(after.cpuMs() - before.cpuMs() < 200, () -> before + " then " + after);
    assertEquals(1, after.warnings(), "warnings");
  }

  private static void assertServes(Socket backup) throws Exception {
    backup.setSoTimeout(10_000);
    backup.getOutputStream().write('Q');
    assertEquals('A', backup.getInputStream().read());
  }
}
