package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Eventually;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What sockets cost that are open and idle, their peers in another process. By default there are
 * few, just governed. With {@code -Dkeepalive4j.idle.seconds=120} there are 10,000, governed for a
 * while, and it takes so long.
 */
class SweepCostTest {
  private static final int SECONDS = Integer.getInteger("keepalive4j.idle.seconds", 0);
  private static final int SOCKETS = SECONDS > 0 ? 10_000 : 500;
  private static final Duration ALL_GOVERNED = Duration.ofMinutes(2);

  /** After this no socket is looked at more often than the others. */
  private static final Duration YOUTH = Duration.ofSeconds(SECONDS > 0 ? 30 : 0);

  private static final Duration TIME = Duration.ofSeconds(SECONDS > 0 ? SECONDS : 4);

  private static final double MOST_SHARE = 0.01;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void idleSocketsCostAtMostOnePercentOfAProcessor() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try (ChildJvm peers = ChildJvm.start(IdlePeers.class)) {
      int port = Integer.parseInt(peers.readLine());
      for (int i = 0; i < SOCKETS; i++) {
        sockets.add(new Socket(IdlePeers.ADDRESS, port));
      }
      String rules = "within=30s,to=*:" + port;
      try (SocketSweeper sweeper = SocketSweeper.builder().rules(SocketRules.parse(rules)).open()) {
        SocketRule rule = sweeper.rules().rules().get(0);
        Eventually.await("all governed", ALL_GOVERNED, () -> sweeper.governed(rule) == SOCKETS);
        LockSupport.parkNanos(YOUTH.toNanos());
        double share = shareDuring(TIME, Sweepers.threads().get(0));
        System.out.printf("%d idle sockets: %.2f %% of a processor%n", SOCKETS, 100 * share);
        assertEquals(0, sweeper.failedSweeps());
        assertEquals(SOCKETS, sweeper.governed(rule));
        assertTrue(share <= MOST_SHARE, share + " of a processor");
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static double shareDuring(Duration time, Thread thread) {
    long startNs = System.nanoTime();
    long startCpuNs = Sweepers.cpuNs(thread);
    LockSupport.parkNanos(time.toNanos());
    return (Sweepers.cpuNs(thread) - startCpuNs) / (double) (System.nanoTime() - startNs);
  }
}
