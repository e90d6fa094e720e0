package io.github.keepalive4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Connections that a host opens all at once, and holds until closed. */
final class Flood implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<SocketChannel> connections = new ArrayList<>();
  private final Selector selector = Selector.open();
  private int connected;

  private Flood() throws IOException {}

  static Flood from(Host host, InetSocketAddress target, int count) throws Exception {
    Flood flood = new Flood();
    boolean begun = false;
    try {
      host.call(() -> flood.connect(target, count));
      begun = true;
      return flood;
    } finally {
      if (!begun) {
        flood.close();
      }
    }
  }

  private Void connect(InetSocketAddress target, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel connection = SocketChannel.open();
      connections.add(connection);
      connection.configureBlocking(false);
      connection.register(selector, SelectionKey.OP_CONNECT);
      connection.connect(target);
    }
    return null;
  }

  /** Waits until each has been connected; the kernel repeats what its peer had no room for. */
  void awaitConnected() throws IOException {
    long deadlineNs = System.nanoTime() + LIMIT.toNanos();
    while (connected < connections.size()) {
      assertTrue(System.nanoTime() < deadlineNs, () -> connected + " of " + connections.size());
      selector.select(Flood.this::finish, 1_000);
    }
  }

  private void finish(SelectionKey key) {
    key.cancel();
    connected++;
    try {
      ((SocketChannel) key.channel()).finishConnect();
    } catch (IOException e) {
      return; // refused so soon that the reset was there first
    }
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
