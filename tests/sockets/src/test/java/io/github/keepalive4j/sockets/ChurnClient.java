package io.github.keepalive4j.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
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
  /** The rules' budgets. The server's last port has no rule. */
  static final List<Duration> BUDGETS = List.of(Duration.ofSeconds(30), Duration.ofSeconds(60));

  private static final int UNRULED = BUDGETS.size();

  /** Between two actions of a client that has most of its sockets open. */
  private static final int PAUSE_NS = (int) Duration.ofMillis(40).toNanos();

  /** While it has fewer. More would keep the server's thread from noticing each FIN at once. */
  private static final int SHORT_PAUSE_NS = (int) Duration.ofMillis(3).toNanos();

  /** Of so many sockets one has all its options read. That takes a while and a duplicate. */
  private static final int SAMPLE = 100;

  private final ChurnServer server;
  private final int address;
  private final int most;
  private final long endNs;
  private final Random random;
  private final List<Opened> open = new ArrayList<>();
  private final SocketOptions untouched;
  private final List<SocketOptions> allowed;
  private long opened;
  private long governed;
  private long sampled;

  /**
   * Makes a client.
   *
   * @param most how many sockets are open at a time
   */
  ChurnClient(ChurnServer server, int address, int most, Duration time) throws IOException {
    this.server = server;
    this.address = address;
    this.most = most;
    this.endNs = System.nanoTime() + time.toNanos();
    this.random = new Random(address);
    try (LoopbackPair fresh = LoopbackPair.open()) {
      this.untouched = LoopbackPair.optionsOf(fresh.client);
    }
    this.allowed =
        List.of(
            SocketOptions.of(KeepaliveOptions.forTraffic(BUDGETS.get(0))),
            SocketOptions.of(KeepaliveOptions.forTraffic(BUDGETS.get(1))),
            untouched);
  }

  long opened() {
    return opened;
  }

  long governed() {
    return governed;
  }

  long sampled() {
    return sampled;
  }

  @Override
  public Void call() throws Exception {
    try {
      while (System.nanoTime() < endNs) {
        if (open.size() < most && (open.isEmpty() || random.nextInt(most) > open.size() / 2)) {
          int port = random.nextInt(ChurnServerProgram.PORTS);
          open.add(new Opened(server.connect(address, port), port));
          opened++;
        } else {
          close(open.remove(random.nextInt(open.size())));
        }
        pause(open.size() > most * 3 / 4 ? PAUSE_NS : SHORT_PAUSE_NS);
      }
      while (!open.isEmpty()) {
        close(open.remove(open.size() - 1));
        pause(SHORT_PAUSE_NS);
      }
      return null;
    } finally {
      for (Opened left : open) {
        left.socket().close();
      }
    }
  }

  private void pause(int mostNs) {
    LockSupport.parkNanos(random.nextInt(mostNs));
  }

  private void close(Opened one) throws Exception {
    try (Socket socket = one.socket()) {
      governed += checkKeepalive(socket, one.port()) ? 1 : 0;
      if (random.nextInt(SAMPLE) == 0) {
        checkAll(socket, one.port());
        sampled++;
      }
      ChurnServer.close(socket);
    }
  }

  /** Returns whether it is governed. Reads what the JDK can. */
  private boolean checkKeepalive(Socket socket, int port) throws IOException {
    boolean isGoverned = socket.getKeepAlive();
    int idleSeconds = socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
    if (port == UNRULED) {
      Assertions.assertFalse(isGoverned);
    }
    if (idleSeconds != untouched.idleSeconds()) {
      Assertions.assertEquals(allowed.get(port).idleSeconds(), idleSeconds, () -> "port " + port);
    }
    return isGoverned;
  }

  /** The sweeper may be setting one option after the other meanwhile. */
  private void checkAll(Socket socket, int port) throws Exception {
    if (port == UNRULED) {
      Assertions.assertEquals(untouched, LoopbackPair.optionsOf(socket));
    } else {
      Eventually.await("its rule's options, or none", () -> isAllowed(socket, port));
    }
  }

  private boolean isAllowed(Socket socket, int port) throws IOException {
    SocketOptions now = LoopbackPair.optionsOf(socket);
    return now.equals(untouched) || now.equals(allowed.get(port));
  }

  /**
   * A socket that is open.
   *
   * @param port which of the server's
   */
  private record Opened(Socket socket, int port) {}
}
