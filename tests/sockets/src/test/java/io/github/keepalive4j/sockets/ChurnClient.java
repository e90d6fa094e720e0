package io.github.keepalive4j.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Assertions;

/** Opens and closes sockets at random, and checks the options of those that it closes. */
final class ChurnClient implements Callable<Void> {
  private static final long PAUSE_NS = Duration.ofMillis(40).toNanos();
  private static final int RULE_IDLE_S =
      (int) KeepaliveOptions.forTraffic(Duration.ofSeconds(30)).idle().toSeconds();

  private final ChurnServer server;
  private final int number;
  private final int most;
  private final long endNs;
  private final Random random;
  private final List<Socket> open = new ArrayList<>();
  private final int defaultIdleSeconds;
  private volatile long opened;
  private volatile long governed;

  /**
   * Makes a client.
   *
   * @param most how many sockets are open at a time
   */
  ChurnClient(ChurnServer server, int number, int most, Duration time) throws IOException {
    this.server = server;
    this.number = number;
    this.most = most;
    this.endNs = System.nanoTime() + time.toNanos();
    this.random = new Random(number);
    try (ServerSocket fresh = new ServerSocket(0)) {
      this.defaultIdleSeconds = fresh.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
    }
  }

  long opened() {
    return opened;
  }

  long governed() {
    return governed;
  }

  @Override
  public Void call() throws IOException {
    try {
      long seen = 0;
      long count = 0;
      while (System.nanoTime() < endNs) {
        if (open.size() < most && (open.isEmpty() || random.nextInt(most) > open.size() / 2)) {
          open.add(server.connect(number, random.nextBoolean()));
          count++;
        } else {
          seen += close(open.remove(random.nextInt(open.size()))) ? 1 : 0;
        }
        if (open.size() > most * 3 / 4) {
          LockSupport.parkNanos(random.nextInt((int) PAUSE_NS));
        }
      }
      while (!open.isEmpty()) {
        seen += close(open.remove(open.size() - 1)) ? 1 : 0;
      }
      opened = count;
      governed = seen;
      return null;
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  /**
   * Returns whether it was governed. Reads what the JDK can, because a duplicate holds a FIN up.
   */
  private boolean close(Socket socket) throws IOException {
    boolean isGoverned = socket.getKeepAlive();
    int idleSeconds = socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
    if (socket.getPort() == server.governedPort()) {
      Assertions.assertTrue(idleSeconds == RULE_IDLE_S || idleSeconds == defaultIdleSeconds);
    } else {
      Assertions.assertFalse(isGoverned);
      Assertions.assertEquals(defaultIdleSeconds, idleSeconds);
    }
    server.closing(socket);
    socket.close();
    return isGoverned;
  }
}
