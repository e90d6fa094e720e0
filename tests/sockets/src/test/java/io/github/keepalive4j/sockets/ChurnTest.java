package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that open and close sockets at random, half of them to a port without a rule. By default
 * it takes seconds. With {@code -Dkeepalive4j.sockets.minutes=10} it is so many minutes, and 10,000
 * sockets.
 */
class ChurnTest {
  private static final int MINUTES = Integer.getInteger("keepalive4j.sockets.minutes", 0);
  private static final int SOCKETS = MINUTES > 0 ? 10_000 : 1_600;
  private static final int THREADS = 8;
  private static final Duration TIME =
      MINUTES > 0 ? Duration.ofMinutes(MINUTES) : Duration.ofSeconds(6);

  /** What the sweeper may take of one processor while hundreds of sockets a second come and go. */
  private static final double MOST_SHARE = MINUTES > 0 ? 0.05 : 0.1;

  /** A socket that its owner has closed sends its FIN at once, but the reader needs a processor. */
  private static final Duration FIN = Duration.ofSeconds(2);

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void noOptionIsOnAWrongSocketAndNoDescriptorIsKept() throws Exception {
    int before = Descriptors.count();
    try (ChurnServer server = ChurnServer.open(THREADS)) {
      String rules = "within=30s,to=*:" + server.governedPort();
      try (SocketSweeper sweeper = SocketSweeper.builder().rules(SocketRules.parse(rules)).open()) {
        Thread thread = Sweepers.threads().get(0);
        long startNs = System.nanoTime();
        long startCpuNs = cpuNs(thread);
        List<ChurnClient> clients = churn(server);
        long cpuNs = cpuNs(thread) - startCpuNs;
        double share = cpuNs / (double) (System.nanoTime() - startNs);
        report(sweeper, server, clients, share);
        assertEquals(0, sweeper.failedSweeps());
        assertEquals(0, sweeper.refused());
        assertEquals(0, sweeper.setAgain());
        assertTrue(clients.stream().mapToLong(ChurnClient::governed).sum() > SOCKETS / 4);
        assertTrue(share <= MOST_SHARE, share + " of a processor");
        server.awaitAllEnded();
        assertTrue(
            server.slowestFinNs() <= FIN.toNanos(),
            TimeUnit.NANOSECONDS.toMillis(server.slowestFinNs()) + " ms until a FIN");
        assertEquals(0, sweeper.deadPeers());
      }
    }
    Descriptors.assertBackTo(before);
  }

  private static List<ChurnClient> churn(ChurnServer server) throws Exception {
    List<ChurnClient> clients = new ArrayList<>();
    List<Background<Void>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      ChurnClient client = new ChurnClient(server, i, SOCKETS / THREADS, TIME);
      clients.add(client);
      running.add(Background.start(client));
    }
    for (Background<Void> one : running) {
      one.get(TIME.plusMinutes(2));
    }
    return clients;
  }

  private static long cpuNs(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }

  private static void report(
      SocketSweeper sweeper, ChurnServer server, List<ChurnClient> clients, double share) {
    System.out.printf(
        "up to %d sockets, %d opened, %d seen governed, %d sweeps of %.2f ms, %.2f %% of a processor,"
            + " slowest FIN %.1f ms%n",
        SOCKETS,
        clients.stream().mapToLong(ChurnClient::opened).sum(),
        clients.stream().mapToLong(ChurnClient::governed).sum(),
        sweeper.sweeps(),
        sweeper.sweepTime().toNanos() / 1e6 / sweeper.sweeps(),
        100 * share,
        server.slowestFinNs() / 1e6);
  }
}
