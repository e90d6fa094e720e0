package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that open and close sockets at random, to ports with two rules and one without. {@code
 * -Dkeepalive4j.churn.seconds=600} sets for how long.
 */
class ChurnTest {
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("keepalive4j.churn.seconds", 8));
  private static final int SOCKETS = 10_000;
  private static final int THREADS = ChurnServerProgram.ADDRESSES;

  /** What the sweeper may take of one processor while thousands of sockets come and go. */
  private static final double MOST_SHARE = 0.1;

  /** A socket that its owner has closed sends its FIN at once, but the reader needs a processor. */
  private static final Duration FIN = Duration.ofSeconds(5);

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void noOptionIsOnAWrongSocketAndNoDescriptorIsKept() throws Exception {
    int before = Descriptors.count();
    try (ChurnServer server = ChurnServer.start();
        SocketSweeper sweeper = SocketSweeper.builder().rules(rules(server)).open()) {
      Thread thread = Sweepers.threads().get(0);
      long startNs = System.nanoTime();
      long startCpuNs = Sweepers.cpuNs(thread);
      List<ChurnClient> clients = churn(server);
      double tookNs = System.nanoTime() - startNs;
      double share = (Sweepers.cpuNs(thread) - startCpuNs) / tookNs;
      ChurnReport report = server.awaitAllEnded();
      System.out.printf(
          "up to %d sockets in %.0f s: %d opened, %d closed with a rule's options, %d read wholly;"
              + " slowest FIN %.1f ms, %d over 100 ms, %d ended early;"
              + " sweeper: %d sweeps, %.2f %% of a CPU, %.2f %% of the time%n",
          SOCKETS,
          tookNs / 1e9,
          sum(clients, ChurnClient::opened),
          sum(clients, ChurnClient::governed),
          sum(clients, ChurnClient::sampled),
          report.slowestFinNs() / 1e6,
          report.slowFins(),
          report.reset(),
          sweeper.sweeps(),
          100 * share,
          100 * sweeper.sweepTime().toNanos() / tookNs);
      assertEquals(0, sweeper.failedSweeps());
      assertEquals(0, sweeper.refused());
      assertEquals(0, sweeper.setAgain());
      assertEquals(0, sweeper.deadPeers());
      assertEquals(0, report.reset());
      assertEquals(sum(clients, ChurnClient::opened), report.ended());
      assertTrue(sum(clients, ChurnClient::governed) > SOCKETS / 10);
      assertTrue(share <= MOST_SHARE, share + " of a processor");
      assertTrue(report.slowestFinNs() <= FIN.toNanos(), report.slowestFinNs() + " ns until a FIN");
    }
    Descriptors.assertBackTo(before);
  }

  private static SocketRules rules(ChurnServer server) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ChurnClient.BUDGETS.size(); i++) {
      text.append(text.isEmpty() ? "" : ",").append("within=");
      text.append(ChurnClient.BUDGETS.get(i).toSeconds()).append("s,to=*:").append(server.port(i));
    }
    return SocketRules.parse(text.toString());
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

  private static long sum(List<ChurnClient> clients, ToLongFunction<ChurnClient> count) {
    return clients.stream().mapToLong(count).sum();
  }
}
